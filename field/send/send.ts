import { screeningCodes } from '../../console/words/codes/screening.ts';
import { signalSentence } from '../../console/words/signal-sentence.ts';
import type { Signal } from '../../functions/contracts/screening/triage.ts';
import { villageOf } from '../../functions/contracts/values.ts';
import { now, serverTold } from '../app/clock.ts';
import { pairOf, type Said, saidProblem } from '../app/words.ts';
import { NotKept } from '../keep/database.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form, Outcome } from '../keep/forms.ts';
import { againstChange, againstOther, isDoneAlready } from './conflicts.ts';
import { fetchList } from './fetch-list.ts';
import { requestOf } from './requests.ts';
import { sendPhotographs } from './send-photographs.ts';
import { Refused } from './server.ts';

/** Visits in a request: small enough for a bad connection. */
const BATCH = 20;

interface Row {
  row: number;
  outcome: 'accepted' | 'duplicate' | 'refused' | 'recorded';
  visit?: string;
  triage?: { class: string; signals: (Pick<Signal, 'id' | 'observed' | 'threshold'> & { message: string })[] };
  problem?: { code: string; detail: string };
}

export const classNames: Readonly<Record<string, Said>> = screeningCodes.class;

/**
 * Fetches the list, then sends what is ready: in any order, as often as wanted. Each form is told what became of it; one that is refused holds no other.
 * Without an answer nothing changes: the same requests are sent again, and count once.
 */
export function exchange(desk: Desk): Promise<void> {
  if (desk.exchanging === undefined)
    desk.exchanging = exchangeNow(desk).finally(() => {
      desk.exchanging = undefined;
    });
  else desk.again = true;
  return desk.exchanging;
}

async function exchangeNow(desk: Desk): Promise<void> {
  desk.status.sending = true;
  desk.tell();
  try {
    // A phone may have been cleaned while the page lay open: what is here is put back before anything else, signal or none.
    await desk.keepAll();
    do {
      desk.again = false;
      // A list too long for a bad connection does not starve the forms, which are short.
      const lost = await fetchUnlessRefused(desk);
      const sent = await sendAll(desk, lost === undefined);
      const stillLost = sent ? await fetchUnlessRefused(desk) : lost;
      // What is large comes last, and holds nothing else.
      await sendPhotographs(desk);
      if (stillLost !== undefined) throw stillLost;
      desk.status.trouble = undefined;
    } while (desk.again);
  } catch (error) {
    desk.status.trouble = troubleOf(error, desk);
  } finally {
    desk.status.sending = false;
    desk.tell();
  }
}

function troubleOf(error: unknown, desk: Desk): Said {
  if (desk.status.ended)
    return [
      '登录已过期，请联网后重新登录；表单都在手机上',
      'The session has ended: sign in again with a signal. All forms are on the phone',
    ];
  if (error instanceof NotKept) return ['手机存储已满，请清理后再试', 'This phone is full: make room and try again'];
  if (error instanceof Refused)
    return error.detail === ''
      ? ['系统繁忙，稍后自动再试', 'The system is busy; tried again soon']
      : saidProblem(error);
  return [
    '没有信号，表单都在手机上，有信号时自动发送',
    'No signal: the forms are on the phone and are sent when there is one',
  ];
}

/** A list that is refused is told, and keeps nothing from being sent. @returns what kept it from coming, unless that keeps everything */
async function fetchUnlessRefused(desk: Desk): Promise<unknown> {
  try {
    await fetchList(desk);
    return undefined;
  } catch (error) {
    if (desk.status.ended) throw error;
    // Neither does one there is no room for: what is sent needs no more.
    return error;
  }
}

/** @param isOpen whether the way to the API was open a moment ago @returns whether anything reached the server */
async function sendAll(desk: Desk, isOpen: boolean): Promise<boolean> {
  const ready = [...desk.forms.values()]
    .filter(({ state }) => state === 'ready')
    .sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
  const frozen: Form[] = [];
  for (const form of ready) {
    const conflict = form.insisted === true ? undefined : againstOther(desk, form);
    if (conflict === undefined) frozen.push(...(await freeze(desk, form)));
    else await desk.put([{ ...form, state: 'refused', outcome: conflict }]);
  }
  const groups = new Map<string, Form[]>();
  for (const form of frozen) {
    const of = form.answers.kind === 'visit' ? `${form.answers.visit.round}/${villageOf(form.household)}` : form.id;
    const group = groups.get(of) ?? [];
    group.push(form);
    groups.set(of, group);
  }
  let trouble: Refused | undefined;
  for (const group of groups.values())
    for (let start = 0; start < group.length; start += BATCH)
      trouble = (await sendGroup(desk, group.slice(start, start + BATCH), isOpen)) ?? trouble;
  // Told once everything else has had its turn.
  if (trouble !== undefined) throw trouble;
  return frozen.length > 0;
}

/** Makes the request and marks the form as tried, on the disk, before anything leaves the phone. */
async function freeze(desk: Desk, form: Form): Promise<Form[]> {
  if (form.tried === true) return [form];
  const request = form.request ?? requestOf(desk, form);
  if (request === undefined) {
    await desk.put([
      {
        ...form,
        state: 'refused',
        outcome: { at: now(), words: ['表单不完整，请改后再发。', 'Not whole: mend it and send again.'] },
      },
    ]);
    return [];
  }
  const frozen = { ...form, tried: true, request };
  await desk.put([frozen]);
  return [frozen];
}

/** @returns a refusal that may pass, of which the forms know nothing; they stay ready */
async function sendGroup(desk: Desk, forms: readonly Form[], isOpen: boolean): Promise<Refused | undefined> {
  const [first] = forms;
  if (first?.request === undefined) return undefined;
  const { request } = first;
  const whole =
    first.answers.kind === 'visit'
      ? { ...request, body: { village: villageOf(first.household), visits: forms.map((form) => form.request?.body) } }
      : request;
  try {
    const answer = await desk.call<{ items?: Row[] }>(whole);
    await tellEach(desk, forms, Array.isArray(answer.items) ? answer.items : []);
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error;
    const rows = error.body['items'];
    if (Array.isArray(rows)) await tellEach(desk, forms, rows);
    else if (forms.length > 1) return await sendSingly(desk, forms, isOpen);
    else if (isOpen && error.isOnTheWay) return await refuse(desk, first, { code: error.code, words: NOT_LET_THROUGH });
    else if (error.passes) return error;
    else return await refuse(desk, first, { code: error.code, words: saidProblem(error) });
  }
  return undefined;
}

/** What is wrong with one must not hold the others: each by itself. */
async function sendSingly(desk: Desk, forms: readonly Form[], isOpen: boolean): Promise<Refused | undefined> {
  let trouble: Refused | undefined;
  for (const form of forms) trouble = (await sendGroup(desk, [form], isOpen)) ?? trouble;
  return trouble;
}

async function tellEach(desk: Desk, forms: readonly Form[], rows: readonly Row[]): Promise<void> {
  for (const [place, form] of forms.entries()) {
    const row = rows.find((one) => one.row === place);
    if (row?.outcome === 'refused')
      await refuse(desk, form, {
        code: row.problem?.code ?? 'unknown',
        words: saidProblem(row.problem ?? { code: 'unknown', detail: '未被接收 / Not taken' }),
      });
    // A visit the server did not say it has goes out again, and counts once.
    else if (form.answers.kind !== 'visit' || row?.outcome === 'accepted' || row?.outcome === 'duplicate') {
      const visit = row?.visit === undefined ? {} : { visit: row.visit };
      await desk.put([{ ...form, ...visit, state: 'sent', outcome: { at: now(), words: sentWords(form, row) } }]);
    }
  }
}

function sentWords(form: Form, row: Row | undefined): Said {
  const { triage } = row ?? {};
  if (triage === undefined) return ['已收到', 'Received'];
  const differs = form.judged !== undefined && form.judged !== null && form.judged.class !== triage.class;
  const reasons = triage.signals.map(({ message }) => message).join('');
  const inEnglish = triage.signals.map((signal) => ` ${signalSentence(signal, 'en')}`).join('');
  const [class0, class1] = pairOf(classNames[triage.class] ?? triage.class);
  const twice = row?.outcome === 'duplicate';
  return [
    `${twice ? '此前已收到，只算一次' : '已收到'}。${class0}。${reasons}${differs ? '（与手机上的判断不同，以此为准）' : ''}`,
    `${twice ? 'Received before, counted once' : 'Received'}. ${class1}.${inEnglish}${differs ? ' (Not what the phone said; this counts.)' : ''}`,
  ];
}

/** Of one form, while others pass: sent for ever it would never arrive, and nobody would know why. */
const NOT_LET_THROUGH: Said = [
  '网络或防火墙没有放行这份表单，系统没有收到。请改写备注中的特殊文字或符号后再发；仍不行，请告诉镇里。',
  'The network or a firewall did not let this form through, and the system does not have it. Reword the note without special characters and send it again, or tell the town.',
];

/** Refusals that end by themselves: the form stays ready and is sent again. */
const WAITING = new Set(['round-not-open']);

/** @returns a refusal that may pass, of the question whether the form had arrived before: it stays ready until that is known */
async function refuse(
  desk: Desk,
  form: Form,
  { code, words }: { code: string; words: Said },
): Promise<Refused | undefined> {
  const outcome: Outcome = { at: now(), words, code };
  if (WAITING.has(code)) return void (await desk.put([{ ...form, outcome }]));
  if (code === 'recorded-after-request' && serverTold() > 0) {
    // The clock was known too badly. What the server never took may be dated anew, by what it has just told.
    const { request: _request, tried: _tried, ...rest } = form;
    desk.again = true;
    return void (await desk.put([rest]));
  }
  let done: boolean | string = false;
  try {
    done = await isDoneAlready(desk, form, code);
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error;
    if (error.passes) return error;
    // What may not be asked any more is not known to have arrived: the person is shown the refusal.
  }
  if (done === false)
    await desk.put([{ ...form, state: 'refused', outcome: { ...outcome, ...againstChange(desk, form, code) } }]);
  else
    await desk.put([
      {
        ...form,
        ...(done === true ? {} : { visit: done }),
        state: 'sent',
        outcome: { at: now(), words: ['此前已收到，只算一次。', 'Received before, counted once.'] },
      },
    ]);
  return undefined;
}
