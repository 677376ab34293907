// The live list of help now: listens for changes, and sounds when somebody in danger joins. Without it the page reloads itself.
"use strict";

const sound = document.getElementById("sound");
sound.checked = localStorage.getItem("desmi-sound") === "yes";
sound.addEventListener("change", () => {
  localStorage.setItem("desmi-sound", sound.checked ? "yes" : "no");
  if (sound.checked) beep();
});

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.frequency.value = 880;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
  tone.onended = () => audio.close();
}

let urgent = null;
const source = new EventSource("/help-now/events");
source.addEventListener("queue", (event) => {
  const queue = JSON.parse(event.data);
  // a page that was just opened shows what there is
  if (urgent !== null || document.visibilityState === "visible") {
    htmx.ajax("GET", "/help-now/list", { target: "#live", swap: "innerHTML" });
  }
  if (urgent !== null && queue.urgent > urgent && sound.checked) beep();
  urgent = queue.urgent;
});
