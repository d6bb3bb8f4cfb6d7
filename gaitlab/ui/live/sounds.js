// @ts-check
// Short sounds for what happens, by Web Audio.

/** @import { Happening } from "./coach.js" */

/** @typedef {{ hz: number, atS: number, forS: number }} Note */

/** @type {Record<Happening["kind"], Note[]>} */
export const NOTES = {
  count: [{ hz: 880, atS: 0, forS: 0.09 }],
  soon: [{ hz: 440, atS: 0, forS: 0.07 }],
  start: [
    { hz: 523, atS: 0, forS: 0.14 },
    { hz: 784, atS: 0.15, forS: 0.25 },
  ],
  over: [{ hz: 784, atS: 0, forS: 0.3 }],
  end: [
    { hz: 784, atS: 0, forS: 0.14 },
    { hz: 523, atS: 0.15, forS: 0.25 },
  ],
  next: [
    { hz: 659, atS: 0, forS: 0.14 },
    { hz: 784, atS: 0.15, forS: 0.25 },
  ],
  done: [
    { hz: 523, atS: 0, forS: 0.14 },
    { hz: 659, atS: 0.15, forS: 0.14 },
    { hz: 784, atS: 0.3, forS: 0.4 },
  ],
};
const LOUDNESS = 0.3;
const ATTACK_S = 0.01;

export class Sounds {
  constructor() {
    /** @type {AudioContext | null} */
    this.context = null;
  }

  get isOn() {
    return this.context !== null;
  }

  /** The time of the sounds, in seconds. */
  get nowS() {
    return this.context?.currentTime ?? 0;
  }

  /**
   * Turns the sounds on or off; browsers let a page sound only after somebody has pressed something.
   * @param {boolean} on
   */
  turn(on) {
    if (on === this.isOn) return;
    if (!on) this.context?.close();
    this.context = on ? new AudioContext() : null;
  }

  /** @param {readonly Note[]} notes */
  play(notes) {
    const { context } = this;
    if (!context) return;
    for (const { hz, atS, forS } of notes) {
      const startS = context.currentTime + atS;
      const [tone, volume] = [context.createOscillator(), context.createGain()];
      tone.frequency.value = hz;
      // It rises and fades: a tone that is cut off clicks.
      volume.gain.setValueAtTime(0, startS);
      volume.gain.linearRampToValueAtTime(LOUDNESS, startS + ATTACK_S);
      volume.gain.linearRampToValueAtTime(0, startS + forS);
      tone.connect(volume).connect(context.destination);
      tone.start(startS);
      tone.stop(startS + forS);
    }
  }
}
