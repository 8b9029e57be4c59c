"use strict";
(() => {
  const status = document.getElementById("status");
  let clearing;
  const say = (words) => {
    status.textContent = words;
    clearTimeout(clearing);
    clearing = setTimeout(() => { status.textContent = ""; }, 3000);
  };

  // The way of browsers that keep the clipboard from files.
  const copyBySelecting = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "aside";
    document.body.append(area);
    area.select();
    try {
      return document.execCommand("copy");
    } finally {
      area.remove();
    }
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelecting(text);
    }
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const value = document.getElementById(button.dataset.copy);
      const copied = await copy(value.textContent);
      button.focus();
      if (!copied) {
        getSelection().selectAllChildren(value);
        say("Selected: press Ctrl+C 已选中，请按 Ctrl+C");
        return;
      }
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 3000);
      say("Copied 已复制");
    });
  }

  // What is remembered are the names of the boxes that are ticked, no value.
  const key = document.body.dataset.key;
  const boxes = [...document.querySelectorAll("input[data-tick]")];
  const remembered = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return [];
    }
  };
  const remember = (names) => {
    try {
      localStorage.setItem(key, JSON.stringify(names));
    } catch {
      say("Ticks will not survive a reload here 此处刷新后勾选将丢失");
    }
  };
  const count = () => {
    const ticked = boxes.filter((box) => box.checked);
    const progress = document.getElementById("progress");
    progress.max = boxes.length;
    progress.value = ticked.length;
    document.getElementById("count").textContent = `${ticked.length} of ${boxes.length} 已完成 ${ticked.length}/${boxes.length}`;
    return ticked.map((box) => box.dataset.tick);
  };

  const before = new Set(remembered());
  for (const box of boxes) {
    box.checked = before.has(box.dataset.tick);
    box.addEventListener("change", () => remember(count()));
  }
  count();
})();
