// Progressive enhancement only: every page works without this file.
"use strict";

// A form that was sent once is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Selects marked so send their form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});

// Template phrases go into the answer.
document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-phrase]");
  if (!phrase) return;
  const box = document.getElementById(phrase.dataset.target);
  box.value = box.value ? `${box.value.trimEnd()}\n${phrase.dataset.phrase}` : phrase.dataset.phrase;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});

// How many characters are left.
const count = (box) => {
  const shown = document.getElementById(box.dataset.counter);
  if (shown) shown.textContent = `${[...box.value].length.toLocaleString("vi")} / ${Number(box.dataset.limit).toLocaleString("vi")}`;
};
for (const box of document.querySelectorAll("[data-counter]")) {
  count(box);
  box.addEventListener("input", () => count(box));
}
