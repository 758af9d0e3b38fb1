// Progressive enhancement of the citizens' pages: each of them works without this file.
"use strict";

const locate = document.getElementById("locate");
if (locate && "geolocation" in navigator) {
  const status = document.getElementById("locate-status");
  locate.hidden = false;
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById("lat").value = coords.latitude.toFixed(6);
        document.getElementById("lon").value = coords.longitude.toFixed(6);
        status.textContent = `${status.dataset.found} ${Math.round(coords.accuracy)} m.`;
      },
      () => { status.textContent = status.dataset.failed; },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// Too large files are named before the upload, not after it.
for (const input of document.querySelectorAll("input[type=file][data-bytes]")) {
  input.addEventListener("change", () => {
    const sizes = [...input.files].map((file) => file.size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const wrong = total > Number(input.dataset.bytes) || sizes.some((size) => size > Number(input.dataset.fileBytes));
    input.setCustomValidity(wrong ? input.dataset.tooLarge : "");
    if (wrong) input.reportValidity();
  });
  input.form.addEventListener("submit", (event) => {
    if (!input.checkValidity()) {
      event.preventDefault();
      input.reportValidity();
    }
  }, true);
}
