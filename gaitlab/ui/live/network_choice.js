// @ts-check
// Which network runs, and by which part of the device: chosen by a short measurement.

const MEASURED_MS = 500;
const PER_S_MIN = 10; // fewer frames a second are better sent to the server (ours)
const LARGER_PER_S_MIN = 20; // with as many the larger network is worth its time
const LARGER_COSTS = 2; // it takes at least so much longer than the smaller one: with less there is no need to try it (ours)
const THREADS_GAIN_MIN = 1.2; // so much quicker several threads are, or one is taken (ours)
const BEGINS_WITHIN_MS = 10000; // a part of the device that takes longer is not waited for (ours)

/**
 * Returns the number of threads that WebAssembly may have: half of the cores and not more than four, which is what
 * TensorFlow.js takes. They share memory, which browsers give only to pages that are kept apart from other sites.
 * @param {boolean | undefined} isIsolated
 * @param {number | undefined} cores
 */
export function threadsFor(isIsolated, cores = 1) {
  return isIsolated ? Math.max(1, Math.min(4, Math.floor(cores / 2))) : 1;
}

/**
 * Returns what a part of the device says of its beginning; rejected where it says nothing in ten seconds: a thread that is
 * kept from beginning is silent.
 * @template T
 * @param {Promise<T>} begun
 * @returns {Promise<T>}
 */
export function inTime(begun) {
  return new Promise((resolve, reject) => {
    const late = new Error("the pose network did not begin in time");
    const timer = setTimeout(() => reject(late), BEGINS_WITHIN_MS);
    begun.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * Returns how long one run takes: the mean of as many as there are in half a second, after a first one that prepares.
 * @param {() => Promise<unknown>} run
 * @param {() => number} nowMs
 */
export async function measuredMs(run, nowMs) {
  await run();
  const startMs = nowMs();
  let runs = 0;
  while (runs === 0 || nowMs() - startMs < MEASURED_MS) {
    await run();
    runs += 1;
  }
  return (nowMs() - startMs) / runs;
}

/**
 * Returns the time by which a part of the device is chosen. Threads wait for one another, and take longer than one does as
 * soon as cores are busy with something else: they have to be clearly quicker.
 * @param {number} ms for one run
 * @param {number | undefined} threads
 */
export function comparedMs(ms, threads = 1) {
  return threads > 1 ? THREADS_GAIN_MIN * ms : ms;
}

/**
 * Returns whether a network is quick enough to be used at all.
 * @param {number} ms for one run
 */
export function isQuickEnough(ms) {
  return 1000 / ms >= PER_S_MIN;
}

/**
 * Returns whether the larger network is worth a try.
 * @param {number} ms for one run of the smaller one
 */
export function largerMayDo(ms) {
  return largerDoes(LARGER_COSTS * ms);
}

/**
 * Returns whether the larger network is quick enough to be chosen.
 * @param {number} ms for one run
 */
export function largerDoes(ms) {
  return 1000 / ms >= LARGER_PER_S_MIN;
}

/**
 * Returns whether a network says of the check picture what it must: places to one hundredth of the picture, scores to a
 * tenth; 17 times y, x and score.
 * @param {ArrayLike<number>} said
 * @param {number[]} expected
 */
export function saysWhatItMust(said, expected) {
  return (
    said.length === expected.length &&
    expected.every((value, i) => Math.abs(said[i] - value) <= (i % 3 === 2 ? SCORE_OFF_MAX : PLACE_OFF_MAX))
  );
}

const PLACE_OFF_MAX = 0.01;
const SCORE_OFF_MAX = 0.1;
