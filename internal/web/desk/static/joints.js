// Music is moved under voices, and heard at once.
import { post, busy, tell } from './desk.js';

const main = document.getElementById('main'), root = main.dataset.root, form = document.getElementById('joints'), sound = document.getElementById('sound');
const around = 5; // seconds before and behind the joint
let url = '', under = null, last = '', until = Infinity;

async function hear(joint) {
  under?.abort(); // another setting is wanted by now
  under = new AbortController();
  last = joint;
  const answer = await post(root + 'joint', { ...Object.fromEntries(new FormData(form)), joint }, under.signal);
  const at = +answer.headers.get('Narrapress-Joint');
  const b = await answer.blob();
  URL.revokeObjectURL(url);
  sound.src = url = URL.createObjectURL(b);
  sound.hidden = false;
  sound.onloadedmetadata = () => {
    sound.currentTime = Math.max(0, at - around);
    until = at + around;
    sound.play().catch(e => tell(e.message, true));
  };
  main.dataset.heard = joint + ' ' + at;
}

sound?.addEventListener('timeupdate', () => { if (sound.currentTime >= until) { sound.pause(); until = Infinity; } });
for (const b of document.querySelectorAll('button.hear')) b.onclick = () => busy(b, () => hear(b.dataset.joint));
form?.addEventListener('input', e => {
  const out = form.querySelector(`output[for="${e.target.id}"]`);
  if (out) out.textContent = Math.round(e.target.value * 10) / 10;
});
form?.addEventListener('change', e => {
  if (e.target.type !== 'range' || !document.getElementById('live').checked) return;
  const joint = e.target.closest('fieldset').dataset.joint || last || form.querySelector('fieldset').dataset.joint;
  busy(null, () => hear(joint));
});
