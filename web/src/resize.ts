// Tells the page around this frame how high it is. Nothing is listened to, and only a number is told.
// The id is what the page around put behind `#` in the address of the frame.

const root = document.documentElement;
let told = 0;

function tell(): void {
  // The content, not the window: otherwise a frame that was made higher would never become lower again.
  const body = document.body.getBoundingClientRect();
  const height = Math.ceil(body.bottom + scrollY + parseFloat(getComputedStyle(document.body).marginBottom));
  if (height === told) return;
  told = height;
  const id = /^#([\w-]{1,64})$/.exec(location.hash)?.[1] ?? "";
  parent.postMessage({ type: "lagesbild:height", version: 1, id, height }, "*");
}

if (parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  root.addEventListener("toggle", tell, true);
  tell();
}

export {};
