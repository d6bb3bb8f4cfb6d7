// The browser's camera; one module with `live.js`, which comes before it.

const CAMERA_ERRORS = {
  NotAllowedError: "The browser may not use the camera. Allow it in the address bar and start again.",
  NotFoundError: "No camera was found. Connect one and start again, or analyse a clip instead.",
  NotReadableError: "The camera is in use by another program. Close that and start again.",
  OverconstrainedError: "This camera does not offer a picture that fits. Try the other one.",
};

function cameraStream(facingMode) {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode },
  });
}

function cameraError({ name }) {
  return CAMERA_ERRORS[name] ?? `The camera could not be started (${name}).`;
}

function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
