// @ts-check
// The browser's camera.

/** @type {Record<string, string>} */
const CAMERA_ERRORS = {
  NotAllowedError: "The browser may not use the camera. Allow it in the address bar and start again.",
  NotFoundError: "No camera was found. Connect one and start again, or analyse a clip instead.",
  NotReadableError: "The camera is in use by another program. Close that and start again.",
  OverconstrainedError: "This camera does not offer a picture that fits. Try the other one.",
};

/** @param {string} facingMode */
export function cameraStream(facingMode) {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode },
  });
}

/**
 * Returns the sentence for a camera that did not start.
 * @param {{ name: string }} error
 */
export function cameraError({ name }) {
  return CAMERA_ERRORS[name] ?? `The camera could not be started (${name}).`;
}

/** @param {MediaStream | null} stream */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
