// What all pages of the desk have: requests that change something, and what is
// told of them.
const told = document.getElementById('told');
let forget;

export function tell(text, stays = false) {
  told.textContent = text;
  clearTimeout(forget);
  if (text && !stays) forget = setTimeout(() => { told.textContent = ''; }, 8000);
}

// post sends a form, and gives the answer; what went wrong is told and thrown.
export async function post(address, fields, signal) {
  return answer(await fetch(address, { method: 'POST', body: new URLSearchParams(fields), headers: { 'Narrapress-Desk': '1' }, signal }));
}

export async function get(address) {
  return answer(await fetch(address, { headers: { 'Narrapress-Desk': '1' } }));
}

async function answer(r) {
  if (r.ok) return r;
  const text = (await r.text()).trim() || r.statusText;
  tell(text, true);
  throw new Error(text);
}

// busy keeps a button from being pressed while what it began is under way.
export async function busy(button, work) {
  if (button?.disabled) return;
  const focused = document.activeElement === button;
  if (button) button.disabled = true; // which takes the focus away
  tell('');
  try { return await work(); } catch (e) { if (e.name !== 'AbortError' && !told.textContent) tell(e.message, true); } finally {
    if (button) button.disabled = false;
    if (focused && document.activeElement === document.body) button.focus({ preventScroll: true });
  }
}

// listen is told of productions until it says false.
export function listen(address, each) {
  const events = new EventSource(address);
  events.onmessage = m => { if (each(JSON.parse(m.data)) === false) events.close(); };
  return events;
}
