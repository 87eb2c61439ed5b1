// Marking recommendations in a text with the mouse: what is selected becomes a quotation of a row.
(function () {
  "use strict";

  var form = document.querySelector("[data-marking]");
  var blank = document.getElementById("blank-recommendation");
  var text = form && form.querySelector("textarea[data-source], textarea[name=text]");
  if (!form || !blank || !text) { return; }
  var tools = form.querySelector("[data-marking-tools]");
  var rows = form.querySelector("[data-rows]");
  var status = tools.querySelector("[data-marked]");
  var selected = null;
  tools.hidden = false;

  function field(row, name) {
    return row.querySelector('[name$="' + name + '"]');
  }

  function isEmpty(row) {
    return !field(row, ".summary_zh").value.trim() && !field(row, ".quotes.0.text").value.trim();
  }

  function allRows() {
    return Array.prototype.slice.call(rows.querySelectorAll("[data-row]"));
  }

  function added(number) {
    var html = blank.innerHTML.replace(/recommendations\.NEW/g, "recommendations." + number);
    rows.insertAdjacentHTML("beforeend", html);
    var row = rows.lastElementChild;
    row.querySelector("[data-number]").textContent = number + 1;
    return row;
  }

  function rowFor(which) {
    var all = allRows();
    var filled = all.filter(function (row) { return !isEmpty(row); });
    if (which === "last" && filled.length) { return filled[filled.length - 1]; }
    var free = all.filter(isEmpty)[0];
    return free || added(all.length);
  }

  // Which of the places is meant where the words stand more than once.
  function place(words, start) {
    var at = text.value.indexOf(words), number = 0, own = 0;
    while (at !== -1) {
      number += 1;
      if (at === start) { own = number; }
      at = text.value.indexOf(words, at + 1);
    }
    return number > 1 && own ? String(own) : "";
  }

  // The next free place for a quotation; a further one is made after the pattern of the first.
  function quoteOf(row) {
    var all = Array.prototype.slice.call(row.querySelectorAll(".quote"));
    var free = all.filter(function (one) { return !field(one, ".text").value.trim(); })[0];
    if (free) { return free; }
    var last = all[all.length - 1];
    var html = last.outerHTML.replace(/quotes\.\d+/g, "quotes." + all.length);
    last.insertAdjacentHTML("afterend", html);
    var made = last.nextElementSibling;
    field(made, ".text").value = "";
    field(made, ".nth").value = "";
    return made;
  }

  function summary(words) {
    return words.replace(/\s+/g, " ").trim()
      .replace(/^([（(]?[一二三四五六七八九十百]+[）)]?[、.．]|[（(]?\d{1,3}[）)、.．])\s*/, "")
      .replace(/[。；;！!？?，,\s]+$/, "").slice(0, 500);
  }

  function suggest(row) {
    var box = row.querySelector("[data-tags]");
    var words = field(row, ".summary_zh").value;
    row.querySelectorAll(".quote textarea").forEach(function (one) { words += " " + one.value; });
    var chosen = Array.prototype.map.call(box.querySelectorAll("input:checked"), function (one) {
      return one.value;
    });
    var query = "start=" + encodeURIComponent(box.dataset.tags) +
      "&words=" + encodeURIComponent(words.slice(0, 1500));
    fetch("/registry/tag-suggestions?" + query, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) {
        if (html === null) { return; }
        var kept = Array.prototype.filter.call(box.querySelectorAll("label"), function (one) {
          return chosen.indexOf(one.querySelector("input").value) !== -1;
        });
        box.innerHTML = html;
        kept.forEach(function (one) {
          var same = Array.prototype.filter.call(box.querySelectorAll("input"), function (input) {
            return input.value === one.querySelector("input").value;
          })[0];
          if (same) { same.checked = true; } else { box.appendChild(one); }
        });
      })
      .catch(function () { /* without suggestions the form is whole as well */ });
  }

  function mark(which) {
    if (!selected) { return; }
    var row = rowFor(which);
    var quote = quoteOf(row);
    field(quote, ".text").value = selected.words;
    field(quote, ".nth").value = place(selected.words, selected.start);
    if (!field(row, ".summary_zh").value.trim()) {
      field(row, ".summary_zh").value = summary(selected.words);
    }
    status.textContent = status.dataset.said.replace("N", row.querySelector("[data-number]").textContent);
    suggest(row);
    selected = null;
  }

  // The selection is remembered, since pressing a button may end it.
  function remember() {
    var start = text.selectionStart, end = text.selectionEnd;
    var raw = text.value.slice(start, end), words = raw.trim();
    if (words) { selected = { words: words, start: start + raw.indexOf(words) }; }
  }

  ["mouseup", "keyup", "select", "touchend"].forEach(function (name) {
    text.addEventListener(name, remember);
  });
  tools.addEventListener("click", function (event) {
    var button = event.target.closest("[data-mark]");
    if (button) { remember(); mark(button.dataset.mark); }
  });
  rows.addEventListener("change", function (event) {
    var own = event.target.closest("[data-row]");
    if (own && event.target.matches("textarea, [name$='.summary_zh']")) { suggest(own); }
  });
}());
