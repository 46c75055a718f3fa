// A form with data-autosave="API address" saves itself while it is being filled in. It never replaces what is typed;
// without JavaScript the form's own buttons do the same. The state is said in the form's [data-state].
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-state]")
  const version = form.elements.version
  let timer, busy = false, again = false

  const say = (text, attention = false) => {
    state.textContent = text
    state.classList.toggle("attention", attention)
  }

  const body = () => {
    const data = new FormData(form)
    const answer = data.get("answer")
    const words = ["none", "not-assessed", "not-applicable"]
    return {
      answer: words.includes(answer) ? answer : "rung",
      rung: words.includes(answer) ? null : answer,
      toward_next: data.has("toward_next"),
      reason: data.get("reason"),
      comment: data.get("comment"),
    }
  }

  const save = async () => {
    if (!new FormData(form).has("answer")) return say("Choose an answer to save.")
    if (busy) return void (again = true)
    busy = true
    say("Saving …")
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "PUT",
        headers: { "content-type": "application/json", "if-match": `"${version.value}"` },
        body: JSON.stringify(body()),
      })
      const found = await answer.json()
      if (answer.ok) {
        version.value = found.version
        say(`Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`)
      } else if (answer.status === 401) say("Not saved: you are signed out. Sign in in another tab, then go on here.", true)
      else if (answer.status === 412) say("Not saved: it was changed in another place. Press Save to see both texts.", true)
      else say(`Not saved: ${(found.errors ?? [{ detail: found.detail }])[0].detail}`, true)
    } catch {
      say("Not saved, trying again …", true)
      timer = setTimeout(save, 5000)
    }
    busy = false
    if (again) { again = false; save() }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer)
    say("Not saved yet")
    timer = setTimeout(save, 1000)
  })
  addEventListener("beforeunload", (event) => {
    if (state.textContent === "Not saved yet" || state.classList.contains("attention")) event.preventDefault()
  })
  form.addEventListener("submit", () => { clearTimeout(timer); say("") })
}
