// Voices are heard side by side.
import { post, busy, tell } from './desk.js';

const root = document.getElementById('main').dataset.root, sound = document.getElementById('sound');
let url = '';
for (const form of document.querySelectorAll('form.hear')) {
  form.onsubmit = e => {
    e.preventDefault();
    busy(e.submitter, async () => {
      sound.pause();
      const b = await (await post(root + 'audition', { voice: form.voice.value, text: form.text.value })).blob();
      URL.revokeObjectURL(url);
      sound.src = url = URL.createObjectURL(b);
      sound.hidden = false;
      sound.play().catch(e => tell(e.message, true));
      const cost = form.closest('tr').querySelector('.cost');
      if (cost) cost.textContent = 'nothing';
    });
  };
}
