// What pages do better where script runs; each of them works without.
(function () {
  "use strict";

  // What only script does is shown where it runs.
  document.documentElement.classList.add("scripted");

  // What was refused is looked at first.
  var problem = document.querySelector(".problem");
  if (problem) { problem.focus(); }

  // Which rows a box at the head of a table chooses.
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-chooses]");
    if (!all) { return; }
    document.querySelectorAll('input[name="' + all.dataset.chooses + '"]').forEach(function (one) {
      if (!one.disabled) { one.checked = all.checked; }
    });
  });
}());
