// A question with two answers, in a dialogue that keyboards and readers know.

export function confirmed(text, yes, no) {
  const dialogue = document.createElement("dialog");
  dialogue.className = "asking";
  const words = document.createElement("p");
  words.id = "asking-words";
  words.textContent = text;
  dialogue.setAttribute("aria-labelledby", words.id);
  const actions = document.createElement("p");
  actions.className = "actions";
  dialogue.append(words, actions);
  document.body.append(dialogue);
  return new Promise((resolve) => {
    let answer = false;
    for (const [label, kind, value] of [
      [no, "btn-primary", false],
      [yes, "btn-outline-secondary", true],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn ${kind}`;
      button.textContent = label;
      button.addEventListener("click", () => {
        answer = value;
        dialogue.close();
      });
      actions.append(button);
    }
    dialogue.addEventListener("close", () => {
      dialogue.remove();
      resolve(answer);
    });
    dialogue.showModal();
  });
}
