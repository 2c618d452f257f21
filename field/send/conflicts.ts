import { screeningCodes } from '../../console/words/codes/screening.ts';
import type { ProblemCode } from '../../functions/contracts/problems.ts';
import type { HouseholdView } from '../../functions/contracts/registry/households-http.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { numberOf, villageOf } from '../../functions/contracts/values.ts';
import { pairOf, type Said } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form, Kind, Outcome } from '../keep/forms.ts';
import { amountNames, amounts, amountsOf, yuan } from '../rules/answers.ts';
import type { WorkItem } from '../rules/judge.ts';
import { conditionsOf } from '../rules/names.ts';

/** Somebody else's visit of this round that came first: shown beside ours before ours is sent. Both are kept, the later one counts. */
export function againstOther(desk: Desk, form: Form): Outcome | undefined {
  if (form.answers.kind !== 'visit') return undefined;
  const { round, purpose } = form.answers.visit;
  // Behind a closed door there is nothing to decide: the server says so.
  if (shutDoor(desk) !== undefined) return undefined;
  const visits = desk.item(form.household)?.form?.visits ?? [];
  // Ours arrived before, its answer having been lost: sent again it counts once.
  if (visits.some(({ visit }) => canonical(visit) === canonical(form.request?.body))) return undefined;
  const own = new Set(desk.formsOf(form.household).map(({ request }) => canonical(request?.body)));
  const others = visits.filter(
    ({ visit }) => visit.round === round && visit.purpose === purpose && !own.has(canonical(visit)),
  );
  const last = others[others.length - 1]?.visit;
  if (last === undefined) return undefined;
  return {
    at: Date.parse(last.recordedAt),
    code: 'visited-by-other',
    words: [
      `本轮已有人入户（${last.visitor}，${last.visitedOn}）。请核对后决定是否仍要发送；两份都会保存，以入户日期在后的为准。`,
      `Somebody was here this round (${last.visitor}, ${last.visitedOn}). Compare, then decide whether to send; both are kept, and the later visit counts.`,
    ],
    theirs: linesOf(last),
  };
}

const reasonNames: Readonly<Record<string, Said>> = screeningCodes.missed;
const SHUT: ReadonlySet<string> = new Set(['village-sealed', 'round-sealed']);

/** Whether a form came to a door that does not open again: sent once more it would be refused once more. */
export function isShut(code: string | undefined): boolean {
  return code !== undefined && SHUT.has(code);
}

/** Why the list's round takes nothing more; undefined while it does, or may again. What is begun meanwhile waits as a draft for the next round. */
export function shutDoor({ list }: Desk): ProblemCode | undefined {
  if (list?.status === 'sealed') return 'round-sealed';
  return list?.status === 'sealing' ? 'village-sealed' : undefined;
}

export const doorNames: Readonly<Record<string, Said>> = {
  opening: ['尚未开始接收', 'not yet open'],
  collecting: ['正在接收', 'open'],
  sealing: ['本村已停止接收', 'this village is closed'],
  sealed: ['已封存', 'sealed'],
};

/** What the round holds of a household, where its door closed before the form came. */
function againstShut({ list }: Desk, form: Form, item: WorkItem | undefined): [Said, Said][] {
  const { answers } = form;
  const round = answers.kind === 'visit' ? answers.visit.round : answers.kind === 'missed' ? answers.round : undefined;
  if (list === undefined || round === undefined) return [];
  const isThis = list.round === round;
  const [zh, en] = pairOf(doorNames[isThis && list.status !== 'collecting' ? list.status : 'sealed'] ?? '');
  const door: [Said, Said] = [
    ['本轮排查', 'This round'],
    [`${round}，${zh}`, `${round}, ${en}`],
  ];
  if (!isThis || item === undefined) return [door];
  const counts = item.form?.visits.filter(({ visit }) => visit.purpose === 'screening').pop()?.visit;
  const [why0, why1] = pairOf(reasonNames[item.missed ?? 'no-reason'] ?? '');
  return [
    door,
    [
      ['本户计为', 'Counted as'],
      counts === undefined ? [`未入户：${why0}`, `Not met: ${why1}`] : ['已入户', 'Visited'],
    ],
    ...(counts === undefined ? [] : linesOf(counts)),
  ];
}

/** Of a household that is no more, only calls and measures are taken. */
const OF_THE_GONE: ReadonlySet<Kind> = new Set<Kind>(['call', 'measure']);

/** What to do with a form of a household that was cancelled, merged or moved meanwhile: no touch sends it. Undefined for every other form. */
export function goneWhere(desk: Desk, { answers, household }: Form): Said | undefined {
  const item = desk.item(household);
  if (item?.household.status !== 'cancelled' || OF_THE_GONE.has(answers.kind)) return undefined;
  const { successor } = item.household;
  if (successor === undefined)
    return [
      '本户已注销，这份不能再发。如注销有误，请告知镇里。',
      'The household was taken off the register, and this cannot be sent. If that is wrong, tell the town.',
    ];
  const number = numberOf(successor);
  return villageOf(successor) === villageOf(household)
    ? [
        `本户已并入 ${number} 户，这份不能再发：请打开 ${number} 户，对照这里填过的内容登记。`,
        `The household is part of ${number} now, and this cannot be sent: open ${number}, and fill in there what stands here.`,
      ]
    : [
        `本户已迁往另一个村（${successor}），这份不能再发：请把这里填过的内容告诉那个村，由那个村登记。`,
        `The household has moved to another village (${successor}), and this cannot be sent: tell that village what stands here.`,
      ];
}

export const FAMILY: Said = ['家庭成员', 'The family'];

/** The family on a visit form, to stand beside the register's: who is no longer there has no name here any more. */
export function familyOf({ answers }: Form, item: WorkItem | undefined): [Said, Said][] {
  if (answers.kind !== 'visit' || item === undefined) return [];
  const names = answers.visit.members.map(
    ({ person }) => item.household.members.find((one) => one.person === person)?.name,
  );
  const known = names.filter((name) => name !== undefined);
  const gone = names.length - known.length;
  const all = (last: string) => [...known, ...(gone === 0 ? [] : [last])].join('、');
  return [[FAMILY, [all(`已不在本户 ${gone} 人`), all(`no longer here: ${gone}`)]]];
}

/** What the register says now, where a form no longer fits it. */
export function againstChange(desk: Desk, form: Form, code: string): Pick<Outcome, 'theirs'> {
  if (isShut(code)) return { theirs: againstShut(desk, form, desk.item(form.household)) };
  const item = desk.item(form.household);
  if (item === undefined)
    return code.startsWith('household')
      ? {
          theirs: [
            [
              ['名单', 'List'],
              ['本村名单上已没有这一户', 'This household is no longer on the list'],
            ],
          ],
        }
      : {};
  if (!['members-mismatch', 'household-cancelled', 'version-conflict', 'change-not-possible'].includes(code)) return {};
  const { household } = item;
  return {
    theirs: [
      [['状态', 'Status'], household.status === 'cancelled' ? ['已注销', 'Cancelled'] : ['在册', 'Registered']],
      ...(household.successor === undefined
        ? []
        : [[['迁往', 'Moved to'], household.successor] satisfies [Said, Said]]),
      [FAMILY, household.members.map(({ name }) => name).join('、')],
    ],
  };
}

/** An amount with its unit. */
export function saidYuan(amount: string): Said {
  return [`${amount} 元`, `${amount} yuan`];
}

/** A visit as lines to compare. */
export function linesOf(visit: Visit): [Said, Said][] {
  const fen = amountsOf(visit);
  return [
    [['入户日期', 'Visited on'], visit.visitedOn],
    ...amounts.map((name): [Said, Said] => [amountNames[name], saidYuan(yuan(fen[name]))]),
    ...conditionsOf(visit),
    [['成员', 'Members'], String(visit.members.length)],
  ];
}

/** Whether what the server now refuses is what this very form did before, its answer having been lost. @returns of a visit its id */
export async function isDoneAlready(desk: Desk, form: Form, code: string): Promise<boolean | string> {
  const { answers, request } = form;
  if (answers.kind === 'visit') {
    const body = canonical(request?.body);
    return (desk.item(form.household)?.form?.visits ?? []).find(({ visit }) => canonical(visit) === body)?.id ?? false;
  }
  if (answers.kind === 'measure' && code === 'measure-status') {
    const found = await desk.call<{
      measures: { id: string; status: string; startedOn?: string; endedOn?: string }[];
    }>({
      route: 'readCase',
      params: { id: answers.case },
    });
    return found.measures.some(
      ({ id, status, startedOn, endedOn }) =>
        id === answers.measure &&
        (answers.to === 'under-way' ? startedOn === answers.on : status === 'completed' && endedOn === answers.on),
    );
  }
  if (answers.kind !== 'death' && answers.kind !== 'birth') return false;
  if (code !== 'version-conflict' && code !== 'change-not-possible') return false;
  const household = await desk.call<HouseholdView>({ route: 'readHousehold', params: { id: form.household } });
  if (answers.kind === 'death')
    return (
      household.members.every(({ person }) => person !== answers.person) && (await hasReported(desk, form, answers))
    );
  const last4 = answers.idNumber.trim().slice(-4).toUpperCase();
  return household.members.some(({ name, idNumber }) => name === answers.name.trim() && idNumber.endsWith(last4));
}

/** Whether this very account reported a death there of that day: who is no member any more may have moved away instead. */
async function hasReported(
  desk: Desk,
  { household }: Form,
  { kind, on }: { kind: string; on: string },
): Promise<boolean> {
  const { changes } = await desk.call<{ changes: { kind: string; on: string; by: string }[] }>({
    route: 'householdHistory',
    params: { id: household },
  });
  return changes.some((change) => change.kind === kind && change.on === on && change.by === desk.me.sub);
}

/** The same words in the same order, whoever wrote them down. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${name}:${canonical(field)}`).join()}}`;
}
