// @ts-check
// A sound at each step, so that somebody hears how even they are: one note for either foot.

import { part } from "../shared/component.js";
import { HeelStrikes } from "./heel_strikes.js";
import { flash } from "./metronome.js";
import { Sounds } from "./sounds.js";

/** @import { Points } from "./drawing.js" */

const FOR_S = 0.08;
const HZ = { left: 660, right: 520 };

export class StepSounds {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.button = part(root, ".steps", HTMLButtonElement);
    this.dot = part(root, ".step", HTMLElement);
    this.sounds = new Sounds();
    this.strikes = new HeelStrikes();
    this.isWalking = false; // as the server says: other movements pass the ankles by one another, too
    this.button.addEventListener("click", () => this.turn(!this.sounds.isOn));
  }

  /** @param {number | null} cadence null where it cannot be told now */
  hear(cadence) {
    this.isWalking = cadence !== null;
    if (this.isWalking) this.button.hidden = false;
  }

  /**
   * @param {Points | null} points
   * @param {number} aspect width of the picture / its height
   * @param {number} nowMs
   */
  see(points, aspect, nowMs) {
    const foot = this.strikes.see(points, aspect, nowMs);
    if (!foot || !this.isWalking || !this.sounds.isOn) return;
    this.sounds.play([{ hz: HZ[foot], atS: 0, forS: FOR_S }]);
    flash(this.dot);
  }

  /** @param {boolean} on */
  turn(on) {
    this.sounds.turn(on);
    this.button.setAttribute("aria-pressed", String(on));
    this.dot.hidden = !on;
  }

  /** The camera is off. */
  end() {
    this.turn(false);
    this.button.hidden = true;
    this.isWalking = false;
    this.strikes = new HeelStrikes();
  }
}
