// Keyfob: optional enhancement. Every flow works without this file.
// It reads data attributes only, inserts no inline code or style, and runs under
//   script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types keyfob
// Words come from the page (<body data-say-…>), so that they can be translated in one place.
const root = document.documentElement;
const words = document.body.dataset;
const locale = root.lang === 'en' ? 'en-GB' : root.lang;
const $ = (sel, el = document) => el.querySelector(sel);
const $$ = (sel, el = document) => [...el.querySelectorAll(sel)];
const on = (type, sel, fn) => document.addEventListener(type, e => {
  const el = e.target instanceof Element && e.target.closest(sel);
  if (el) fn(el, e);
});
const policy = globalThis.trustedTypes?.createPolicy('keyfob', { createHTML: s => s });
const parse = html => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');

/* The server's clock: a demo's clock runs ahead of ours, and ours may be wrong */
const ahead = words.now ? new Date(words.now) - Date.now() : 0;
const clock = () => Date.now() + ahead;

/* Spoken feedback: one polite live region for the whole page */
const live = document.createElement('div');
live.className = 'visually-hidden';
live.setAttribute('role', 'status');
document.body.append(live);
const say = text => { live.textContent = ''; if (text) setTimeout(() => { live.textContent = text; }, 60); };

/* Fragments: fetch a page of ours, keep only the elements with the wanted ids */
async function load(url, signal) {
  const res = await fetch(url, { headers: { Accept: 'text/html', 'Keyfob-Fragment': '1' }, credentials: 'same-origin', signal });
  if (res.redirected && new URL(res.url).pathname === '/login') {
    location.reload();
    throw new Error('signed out');
  }
  if (!res.ok) throw new Error(`${res.status} for ${url}`);
  return parse(await res.text());
}

const typing = el => el.contains(document.activeElement) && document.activeElement.matches('textarea, input, select');

/* The element of `doc` that plays the part of the focused one */
function twin(next, focused) {
  if (focused.id) return document.getElementById(focused.id);
  const name = focused.getAttribute('aria-label') ?? focused.textContent;
  return $$(focused.localName, next).find(el => el.getAttribute('href') === focused.getAttribute('href')
    && (el.getAttribute('aria-label') ?? el.textContent) === name);
}

/* Replaces `el` by its new version, never under a typing hand and never moving the focus */
function swap(doc, el) {
  const next = el.id && doc.getElementById(el.id);
  if (!next || typing(el)) return false;
  const focused = el.contains(document.activeElement) && document.activeElement;
  const icons = document.getElementById('icons');
  for (const symbol of $$('#icons > symbol', doc)) if (!document.getElementById(symbol.id)) icons?.append(symbol);
  const opened = $$('details[open][id]', el).map(d => d.id);
  el.replaceWith(next);
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  if (focused) twin(next, focused)?.focus({ preventScroll: true });
  times(next);
  $$('[data-duration]', next.parentElement ?? next).forEach(duration);
  return true;
}

/* Live updates: <body data-events="/events">, <section id="plan" data-live="request:KF-1042">.
   The server sends `event: refresh` with the topic as data; the page is fetched again and the element swapped.
   The stream is open only while the page is seen: a hidden page costs the server nothing and catches up when it is back. */
function events() {
  const url = words.events;
  if (!url || !globalThis.EventSource) return;
  const RETRY = [2e3, 5e3, 15e3, 60e3];
  const waiting = new Set();
  let source, timer, retry, tries = 0, busy = false, stale = false;
  const topics = el => el.dataset.live.split(' ');
  const flush = async () => {
    if (busy || !waiting.size) return;
    busy = true;
    const due = new Set(waiting);
    waiting.clear();
    const els = $$('[data-live]').filter(el => due.has('*') || topics(el).some(topic => due.has(topic)));
    try {
      if (els.length) {
        const doc = await load(location.href);
        const missed = els.filter(el => el.isConnected && !swap(doc, el) && typing(el));
        for (const el of missed) waiting.add(topics(el)[0]);
        if (missed.length < els.length) say(words.sayUpdated);
      }
    } catch { /* the next event or a reload will do */ }
    busy = false;
    if (waiting.size && !typing(document.body)) soon();
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(flush, 250); };
  const close = () => {
    clearTimeout(retry);
    if (!source) return;
    source.close();
    source = undefined;
    stale = true;
  };
  const open = () => {
    if (source || document.visibilityState === 'hidden') return;
    source = new EventSource(url);
    source.addEventListener('open', () => {
      tries = 0;
      if (stale) { waiting.add('*'); soon(); }
      stale = false;
    });
    source.addEventListener('refresh', e => { waiting.add(e.data); soon(); });
    source.addEventListener('error', () => {
      stale = true;
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      close();
      retry = setTimeout(open, RETRY[Math.min(tries++, RETRY.length - 1)]);
    });
  };
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') close(); else open(); });
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  document.addEventListener('focusout', () => { if (waiting.size) soon(); });
  open();
}

/* Filter as you type: <form data-filter="#results">, plain GET form underneath */
const pending = new WeakMap();
function filter(form, delay) {
  const old = pending.get(form);
  clearTimeout(old?.timer);
  old?.abort.abort();
  const abort = new AbortController();
  const timer = setTimeout(async () => {
    const target = $(form.dataset.filter);
    if (!target) return;
    const query = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string' && v !== ''));
    const url = new URL(form.getAttribute('action') || location.pathname, location.href);
    url.search = query;
    target.setAttribute('aria-busy', 'true');
    try {
      const doc = await load(url, abort.signal);
      if (!swap(doc, target)) target.removeAttribute('aria-busy');
      history.replaceState(null, '', url);
      say($(form.dataset.filter)?.dataset.count);
    } catch (err) {
      if (err.name === 'AbortError') return;
      target.removeAttribute('aria-busy');
      form.submit();
    }
  }, delay);
  pending.set(form, { timer, abort });
}
on('input', 'form[data-filter]', form => filter(form, 180));
on('submit', 'form[data-filter]', (form, e) => { e.preventDefault(); filter(form, 0); });

/* Previews: <form data-preview="#preview"> shows "who will be asked"; several ids refresh several parts.
   Sends the form as GET to its own address plus preview=1; nothing is stored, and the reason stays here. */
const PRIVATE = ['justification', 'csrf', 'submission_key'];
let previewTimer, previewAbort;
const preview = form => {
  clearTimeout(previewTimer);
  previewTimer = setTimeout(async () => {
    previewAbort?.abort();
    previewAbort = new AbortController();
    const url = new URL(form.getAttribute('action') || location.pathname, location.href);
    url.search = new URLSearchParams([...new FormData(form), ['preview', '1']].filter(([k, v]) => typeof v === 'string' && !PRIVATE.includes(k)));
    const targets = $$(form.dataset.preview);
    targets.at(-1)?.setAttribute('aria-busy', 'true');
    try {
      const doc = await load(url, previewAbort.signal);
      for (const target of targets) if (!swap(doc, target)) target.removeAttribute('aria-busy');
      say($$(form.dataset.preview).at(-1)?.dataset.count);
    } catch (err) {
      if (err.name !== 'AbortError') targets.at(-1)?.removeAttribute('aria-busy'); // keep the last one
    }
  }, 300);
};
on('change', 'form[data-preview]', preview);

/* Dialogs: <a href="/requests/1/cancel" data-dialog="dlg-cancel">. Without JS the link opens a page. */
on('click', '[data-dialog]', (el, e) => {
  const dlg = document.getElementById(el.dataset.dialog);
  if (!dlg?.showModal || e.metaKey || e.ctrlKey || e.shiftKey) return;
  e.preventDefault();
  dlg.showModal();
});
on('click', 'dialog [data-close]', (el, e) => { e.preventDefault(); el.closest('dialog').close(); });
on('click', 'dialog', (el, e) => { if (e.target === el) el.close(); });
on('click', '[data-dismiss]', el => {
  el.closest('.toast, .banner')?.remove();
  $('#main')?.focus({ preventScroll: true });
});

/* Copy; an address that begins with / is copied whole */
on('click', '[data-copy]', async (el, e) => {
  e.preventDefault();
  const text = el.dataset.copy.startsWith('/') ? new URL(el.dataset.copy, location.href).href : el.dataset.copy;
  try { await navigator.clipboard.writeText(text); } catch { return say(words.sayNotCopied); }
  const label = [...el.childNodes].findLast(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
  say(words.sayCopied);
  if (!label || el.dataset.copied) return;
  const before = label.data;
  el.dataset.copied = '1';
  label.data = words.sayCopied;
  setTimeout(() => { label.data = before; delete el.dataset.copied; }, 1600);
});

/* Access length: says when it would end if it were in place now. Days are calendar days in UTC, as the server reads them. */
const WHEN = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC', timeZoneName: 'short' };
const HOUR = 36e5;
const isoHours = iso => {
  const [, d = 0, h = 0, m = 0] = iso.match(/^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/) ?? [];
  return 24 * d + +h + m / 60;
};
function duration(set) {
  const out = $('output', set), pick = $('[name=length]:checked', set)?.value;
  if (!out || !pick) return;
  const value = name => $(`[name=${name}]`, set)?.value ?? '';
  const start = Math.max(clock(), value('starts') ? Date.parse(`${value('starts')}T00:00Z`) : 0);
  const hours = pick === 'custom' ? value('n') * (value('unit') === 'h' ? 1 : 24) : isoHours(pick);
  const end = pick === 'until' ? Date.parse(`${value('until')}T23:59Z`) : start + hours * HOUR;
  if (pick === 'unlimited') out.value = words.sayNeverEnds;
  else if (!(end > start)) out.value = words.sayNoLength;
  else out.value = words.sayEnds.replace('{when}', new Intl.DateTimeFormat(locale, WHEN).format(end));
}
on('input', '[data-duration]', duration);

/* Relative times: <time datetime data-relative>. The exact time is in the tooltip. */
const UNITS = [['day', 864e5], ['hour', 36e5], ['minute', 6e4]];
function times(el = document) {
  const rel = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const t of $$('time[data-relative]', el)) {
    const diff = new Date(t.dateTime) - clock();
    if (!(Math.abs(diff) <= 30 * 864e5)) continue;
    const [unit, ms] = UNITS.find(([, size]) => Math.abs(diff) >= size) ?? ['second', Infinity];
    t.textContent = rel.format(Math.round(diff / ms) + 0, unit);
  }
}

/* Select all in a table */
on('change', '[data-all]', el => $$(el.dataset.all, el.closest('form')).forEach(box => { box.checked = el.checked && !box.disabled; }));

/* Single-key shortcuts, off with <html data-shortcuts="off"> (WCAG 2.1.4); only to places that the page links to */
const GO = { h: '/', b: '/browse', r: '/?section=requests', t: '/tasks', a: '/admin/tickets' };
let lead = 0;
document.addEventListener('keydown', e => {
  if (root.dataset.shortcuts === 'off' || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
  if (!(e.target instanceof Element) || e.target.closest('input, textarea, select, [contenteditable], dialog[open]')) return;
  const go = href => { if ($(`a[href="${href}"]`)) location.assign(href); };
  if (e.key === 'g') { lead = Date.now(); return; }
  if (Date.now() - lead < 1200 && GO[e.key]) { go(GO[e.key]); return; }
  if (e.key === 'n') go('/request');
  if (e.key === '/') {
    const box = $('main [type=search], [type=search]');
    if (box) { e.preventDefault(); box.focus(); }
  }
});

/* The narrow-screen menu must not stay in the top layer when the window grows */
matchMedia('(width >= 60rem)').addEventListener('change', () => { const nav = $('#nav:popover-open'); if (nav) nav.hidePopover(); });

times();
setInterval(times, 6e4);
$$('[data-duration]').forEach(duration);
events();
