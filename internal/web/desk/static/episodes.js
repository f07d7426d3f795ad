// The list of episodes keeps itself up to date.
import { listen, get } from './desk.js';

const rows = document.getElementById('rows');
const root = location.pathname;
let again;
listen(root + 'events', e => {
  for (const tr of rows.querySelectorAll('tr[data-source]')) {
    if (tr.dataset.source !== e.source) continue;
    const cell = tr.querySelector('.state');
    cell.textContent = e.state;
    cell.className = 'state ' + (e.failed ? 'bad' : e.done ? 'good' : 'live');
  }
  if (!e.done || e.failed) return;
  clearTimeout(again);
  again = setTimeout(async () => { rows.innerHTML = await (await get(root + 'rows' + location.search)).text(); }, 500);
});
