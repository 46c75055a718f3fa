// The one script of Nextrung. Every page does all it does without it; it saves answers while they are written, keeps what is
// not saved yet in this browser, asks the checks beside it, and listens to a few keys.

const person = document.documentElement.dataset.person
const mine = `unsaved ${person} `
const NAMES = ["answer", "rung", "toward_next", "reason", "comment"]
const NO_RUNG = ["none", "not-assessed", "not-applicable"]
const scopes = [...document.querySelectorAll("[data-save]")] // a form of one answer, or one answer of a list

// What is kept belongs to whoever is signed in: another person's words go, and one's own with signing out.
const forget = (whose) => Object.keys(localStorage).filter(whose).forEach((key) => localStorage.removeItem(key))
if (person) forget((key) => key.startsWith("unsaved ") && !key.startsWith(mine))
for (const form of document.querySelectorAll("form[action='/signout'], form[action='/account/sessions/ended']"))
  form.addEventListener("submit", () => forget((key) => key.startsWith(mine)))

const same = (one, other) => NAMES.every((name) => one[name] === other[name])

/** The fields of an answer as the API takes them. */
const toRating = ({ answer, toward_next, reason = "", comment = "" }) => {
  const rung = answer && !NO_RUNG.includes(answer) ? answer : null
  const toward = Boolean(toward_next) && (rung !== null || answer === "none")
  return { answer: rung ? "rung" : answer, rung, toward_next: toward, reason: reason.trim(), comment: comment.trim() }
}
const toFields = ({ answer, rung, ...rest }) => ({ ...rest, answer: rung ?? answer })

/** Replace what tells the progress, with the same places of a fresh page; never the form, nor what has the focus. */
const refresh = async () => {
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html")
  for (const old of document.querySelectorAll("[data-fresh]")) {
    const now = fresh.getElementById(old.id)
    if (now && !old.contains(document.activeElement)) old.replaceWith(now)
  }
}

const saveWhileWriting = (scope) => {
  const part = (name) => scope.querySelector(`[name="${name}"], [name$="/${name}"]`)
  const controls = [...scope.querySelectorAll("input:not([name$=version]), textarea")]
  const nameOf = (control) => control.name.split("/").pop()
  const version = part("version")
  const state = scope.querySelector("[data-state]")
  const signIn = scope.querySelector("[data-signin]")
  const key = mine + scope.dataset.save
  let timer, wait, sending, dirty = false, busy = false, sent = null, saved, conflict = null

  const say = (text, attention = false, signedOut = false) => {
    if (state.textContent !== text) state.textContent = text
    state.classList.toggle("attention", attention)
    signIn.hidden = !signedOut
  }
  const fields = () => {
    const used = controls.filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
    return Object.fromEntries(used.map((control) => [nameOf(control), control.value]))
  }
  const fill = (values) => {
    for (const control of controls) {
      const value = values[nameOf(control)]
      if (control.type === "radio") control.checked = control.value === value
      else if (control.type === "checkbox") control.checked = Boolean(value)
      else control.value = value ?? (nameOf(control) in values ? "" : control.value)
    }
  }
  const inWords = (values) => {
    const card = controls.find((control) => control.type === "radio" && control.value === values.answer)?.closest("label")
    const answer = (card?.querySelector("b") ?? card?.querySelector("span"))?.textContent
    const toward = values.toward_next ? "Parts of the next one show already." : ""
    return [answer, toward, values.reason, values.comment, values.note, values.url].filter(Boolean).join("\n\n")
  }
  const later = () => {
    wait = Math.min((wait ?? 1) * 2, 30) // seconds
    timer = setTimeout(save, wait * 1000)
  }

  /** Two texts side by side, and what to do with them; `take` gets the fields that are to stand in the form. */
  const offer = (id, own, theirs, take) => {
    const panel = document.getElementById(id).content.firstElementChild.cloneNode(true)
    panel.querySelector("[data-mine]").textContent = inWords(own)
    panel.querySelector("[data-theirs]")?.append(inWords(theirs))
    panel.addEventListener("click", ({ target }) => {
      const choice = target.closest("[data-take]")?.dataset.take
      if (!choice) return
      const now = id === "conflict" ? fields() : own // while both are shown one may go on writing
      const both = { ...now, comment: [theirs.comment, now.comment].filter(Boolean).join("\n\n") }
      panel.remove()
      take({ mine: now, theirs, both }[choice], choice)
      state.closest("section, form").querySelector("textarea").focus()
    })
    if (id === "conflict") state.closest(".foot, .row").before(panel)
    else (scope.matches("form") ? scope : scope.lastElementChild).prepend(panel)
    return panel
  }
  const showConflict = (current) => {
    const theirs = toFields(current)
    conflict = offer("conflict", fields(), theirs, (chosen) => {
      conflict = null
      version.value = current.version
      fill(chosen)
      changed()
    })
    say("Not saved: it was also saved in another place. Both texts are here.", true)
  }

  const save = () => {
    clearTimeout(timer)
    if (!busy) sending = send()
  }
  const send = async () => {
    const now = toRating(fields())
    if (conflict) return
    if (!now.answer) return say("Choose an answer to save. Until then this browser keeps your text.")
    busy = true
    say(wait ? state.textContent : "Saving …", Boolean(wait))
    const headers = { "content-type": "application/json", "if-match": `"${version.value}"` }
    const body = JSON.stringify(now)
    let answer = null, found = {}
    try {
      const signal = AbortSignal.timeout(20_000)
      answer = await fetch(scope.dataset.save, { method: "PUT", headers, body, signal, keepalive: true })
      found = await answer.json()
    } catch { /* no answer, or half of one: tried again below */ }
    busy = false
    // what stands is what was sent, only the answer never came
    const got = answer?.status === 412 && [now, sent].find((one) => one && found.current && same(one, found.current))
    sent = now
    if (answer?.ok) done(now, found.version)
    else if (got) done(got, found.current.version)
    else if (!answer || answer.status >= 500 || answer.status === 429) {
      say("Not saved, trying again …", true)
      later()
    } else if (answer.status === 401) {
      say("Not saved: you are signed out. This page keeps your text and saves it once you are back.", true, true)
      later()
    } else if (answer.status === 412) showConflict(found.current)
    else say(`Not saved: ${(found.errors ?? [found])[0].detail}`, true)
  }
  const done = (stands, number) => {
    version.value = number
    wait = undefined
    if (!same(stands, toRating(fields()))) return save()
    dirty = false
    const beside = ["note", "url"].some((name) => part(name)?.value) // evidence is added by a button
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
    say(`Saved ${time}${beside ? ". The evidence is not added yet." : ""}`)
    if (!beside) localStorage.removeItem(key)
    if (saved !== fields().answer) refresh().catch(() => {})
    saved = fields().answer
  }
  const changed = (event) => {
    dirty = true
    if (conflict) conflict.querySelector("[data-mine]").textContent = inWords(fields())
    else if (!wait && !busy) say("Not saved yet …")
    localStorage.setItem(key, JSON.stringify(fields()))
    clearTimeout(timer)
    timer = setTimeout(save, event?.target.type === "radio" ? 0 : 1000)
  }
  const again = () => dirty && save()

  saved = fields().answer
  scope.addEventListener("input", changed)
  scope.closest("form").addEventListener("submit", (event) => {
    if (event.defaultPrevented) return
    clearTimeout(timer)
    dirty = false
    if (!busy) return
    event.preventDefault() // what is on its way brings the version that the form needs
    sending.then(() => event.target.requestSubmit(event.submitter))
  })
  for (const moment of ["online", "focus", "pagehide"]) addEventListener(moment, again)

  const kept = JSON.parse(localStorage.getItem(key) ?? "null")
  const added = [...scope.querySelectorAll(".evidence .lines")].some((it) => it.textContent.trim() === kept?.note?.trim())
  if (added) Object.assign(kept, { note: "", url: "", dated: fields().dated }) // the form's own button has saved it
  const names = [...new Set(controls.map(nameOf))].filter((name) => name !== "dated") // the day stands there by itself
  const missing = kept ? names.filter((name) => (kept[name] ?? "") !== (fields()[name] ?? "")) : []
  if (missing.length) {
    offer("unsaved", Object.fromEntries(missing.map((name) => [name, kept[name]])), {}, (_, choice) => {
      if (choice === "theirs") return localStorage.removeItem(key)
      fill(kept)
      changed()
    })
  } else if (!document.querySelector(".errors")) localStorage.removeItem(key)
}
scopes.forEach(saveWhileWriting)

// Where answers are only shown: say which of them have words that this browser keeps and the page does not show.
for (const shown of document.querySelectorAll("[data-kept]")) {
  const { reason, comment, note, url } = JSON.parse(localStorage.getItem(mine + shown.dataset.kept) ?? "{}")
  const unsaved = [reason, comment, note, url].some((words) => !shown.textContent.includes(words?.trim() ?? ""))
  shown.querySelector("[data-kept-note]").hidden = !unsaved
}

// What the checks say of a form while it is written, at the fields one has been in. Nothing is saved.
for (const form of document.querySelectorAll("[data-check]")) {
  const places = [...form.querySelectorAll("[data-check-for]")]
  const been = new Set(places.filter((place) => place.children.length).map((place) => place.dataset.checkFor))
  let timer, turn = 0
  const check = async () => {
    const now = ++turn, data = new FormData(form)
    const value = (name) => (form.querySelector(`[type=checkbox][name="${name}"]`) ? data.getAll(name) : data.get(name))
    const filled = [...new Set(data.keys())].map((name) => [name, value(name)]).filter(([, given]) => given.length)
    const headers = { "content-type": "application/json" }
    const body = JSON.stringify(Object.fromEntries(filled))
    const answer = await fetch(form.dataset.check, { method: "POST", headers, body })
    if (now !== turn || (!answer.ok && answer.status !== 422)) return
    const found = await answer.json()
    for (const place of places) show(place, answer.ok ? found : found.errors, answer.ok)
  }
  const show = (place, found, whole) => {
    const name = place.dataset.checkFor
    const own = found.filter(({ pointer }) => been.has(name) && pointer === `/${name}`)
    const same = own.map(({ detail }) => detail).join() === [...place.children].map((line) => line.textContent).join()
    if (same || !(whole || own.length)) return // an unreadable number says nothing of the other fields
    const line = ({ detail, weight = "error" }) => Object.assign(document.createElement("p"), { className: weight, textContent: detail })
    place.replaceChildren(...own.map(line))
    form.elements[name].setAttribute?.("aria-invalid", own.some(({ weight }) => weight !== "advice"))
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => check().catch(() => {}), 500) // offline, it says nothing
  }
  form.addEventListener("input", soon)
  form.addEventListener("focusout", ({ target }) => {
    been.add(target.name)
    soon()
  })
}

// A due date that stands on the last day of a horizon moves with it.
for (const due of document.querySelectorAll("[data-ends]")) {
  const ends = JSON.parse(due.dataset.ends)
  due.form.addEventListener("change", ({ target }) => {
    if (target.name === "horizon" && Object.values(ends).includes(due.value)) due.value = ends[target.value]
  })
}

// Elsewhere words are saved by a button: the browser asks before one leaves without it.
const texts = (form) => [...form.querySelectorAll("textarea")].map((area) => area.value).join("\0")
for (const form of document.querySelectorAll("form[method=post]:has(textarea)")) {
  if (form.matches("[data-save]") || form.querySelector("[data-save]")) continue
  const stood = document.querySelector(".errors") ? null : texts(form) // what was refused is not saved either
  let sent = false
  form.addEventListener("submit", () => { sent = true })
  addEventListener("pageshow", () => { sent = false })
  addEventListener("beforeunload", (event) => {
    if (!sent && texts(form) !== stood) event.preventDefault()
  })
}

// Keys, where the page lists them and the person has not switched them off; never while typing.
const keys = document.querySelector("[data-keys]")
const on = keys?.querySelector("input")
if (keys) {
  keys.hidden = false
  on.checked = localStorage.getItem("keys") !== "off"
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"))
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")
    if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (press(event.key, event.target.closest("[data-save]") ?? scopes[0])) event.preventDefault()
  })
}

/** Do what the key means here; false where it means nothing. */
const press = (key, scope) => {
  const turn = { j: 1, k: -1 }[key]
  if (turn && scopes.length === 1) document.querySelector(turn > 0 ? "a[rel=next]" : "a[rel=prev]")?.click()
  else if (turn) {
    const inside = scope.contains(document.activeElement)
    const next = inside ? scopes[scopes.indexOf(scope) + turn] : scope
    const radios = next?.querySelectorAll("[type=radio]") ?? []
    ;([...radios].find((radio) => radio.checked) ?? radios[0])?.focus()
    next?.scrollIntoView({ block: "nearest" })
  } else if (/^[1-5]$/.test(key)) {
    const rungs = [...scope.querySelectorAll("[type=radio]")].filter((radio) => !NO_RUNG.includes(radio.value))
    rungs[key - 1]?.click()
    rungs[key - 1]?.focus()
  } else if (key === "e") {
    const evidence = scope.querySelector("[data-evidence]")
    evidence.href ? evidence.click() : evidence.focus()
  } else if (key === "?") {
    keys.open = !keys.open
    if (keys.open) keys.querySelector("summary").focus()
  } else return false
  return true
}

// A problem's line and column lead into the text that it is about.
for (const link of document.querySelectorAll("a[data-line]"))
  link.addEventListener("click", (event) => {
    const text = document.getElementById(link.hash.slice(1))
    const lines = text.value.split("\n")
    const before = lines.slice(0, link.dataset.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
    const at = before + Math.min(link.dataset.column - 1, lines[link.dataset.line - 1]?.length ?? 0)
    event.preventDefault()
    text.focus()
    text.setSelectionRange(at, at)
    text.scrollTop = (link.dataset.line - 4) * parseFloat(getComputedStyle(text).lineHeight)
    text.scrollIntoView({ block: "nearest" })
  })
