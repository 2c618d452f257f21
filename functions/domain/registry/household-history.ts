import type { EntryKind } from '../../contracts/assistance/ledger-entry.ts';
import type { MeasureKind } from '../../contracts/assistance/measure.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import type { TriageResult } from '../../contracts/screening/triage.ts';
import { entryKindNames } from '../assistance/assistance-labels.ts';
import { dayOf } from '../calendar.ts';
import { measureNames, measureStatusNames, stepNames } from '../cases/case-labels.ts';
import { changeNames } from './change-names.ts';
import type { Version } from './household-changes.ts';

/** One thing that happened to a household: on which day, what, and the id to look further with. Titles say codes in words and never name a person. */
export interface StoryItem {
  on: string;
  /** When it was recorded, ISO instant. */
  at: string;
  kind: 'change' | 'visit' | 'screening' | 'case' | 'notice' | 'measure' | 'claim' | 'payout' | 'help';
  title: string;
  subject: string | null;
}

/** An event of a timeline with what its body says; undefined when a person's data was erased. */
export interface Told {
  at: string;
  kind: string;
  body: Readonly<Record<string, unknown>> | undefined;
}

/** The records a household's history is made from. */
export interface StoryFacts {
  changes: readonly Version[];
  visits: readonly {
    id: string;
    round: string;
    visitedOn: string;
    submittedAt: string;
    purpose: string;
    triage: Pick<TriageResult, 'class'>;
  }[];
  sheets: readonly { round: string; sealedAt: string; row: SheetRow }[];
  cases: readonly { id: string; measures: readonly { id: string; kind: MeasureKind }[]; events: readonly Told[] }[];
  claims: readonly { id: string; line: string; events: readonly Told[] }[];
  help: readonly { id: string; kind: EntryKind; occurredOn: string; recordedAt: string; amount?: number | undefined }[];
}

const classNames = { secure: '放心户', concern: '关心户', monitor: '监测户' } as const;

/** Everything that happened to a household, in order: by the day it happened, then by when it was recorded. */
export function storyOf(facts: StoryFacts): StoryItem[] {
  const items: StoryItem[] = [
    ...facts.changes.map(({ on, recordedAt, change }) =>
      item('change', on, recordedAt, changeNames[change.kind], null),
    ),
    ...facts.visits.map(({ id, round, visitedOn, submittedAt, purpose, triage }) =>
      item(
        'visit',
        visitedOn,
        submittedAt,
        `${purpose === 'sample' ? '抽样复核' : '入户排查'}（${round}）：${classNames[triage.class]}（暂定）`,
        id,
      ),
    ),
    ...facts.sheets.map(({ round, sealedAt, row }) =>
      item('screening', dayOf(Date.parse(sealedAt)), sealedAt, sheetTitle(round, row), round),
    ),
    ...facts.cases.flatMap((one) => one.events.map((event) => ofCase(one, event))),
    ...facts.claims.flatMap(({ id, line, events }) => events.map((event) => ofClaim(id, line, event))),
    ...facts.help.map(({ id, kind, occurredOn, recordedAt, amount }) =>
      item(
        'help',
        occurredOn,
        recordedAt,
        `帮扶：${entryKindNames[kind]}${amount === undefined ? '' : ` ${yuan(amount)}`}`,
        id,
      ),
    ),
  ];
  return items.sort((a, b) => (a.on === b.on ? Date.parse(a.at) - Date.parse(b.at) : a.on < b.on ? -1 : 1));
}

function item(kind: StoryItem['kind'], on: string, at: string, title: string, subject: string | null): StoryItem {
  return { on, at, kind, title, subject };
}

function sheetTitle(round: string, { class: found, missed, perCapita }: SheetRow): string {
  if (found === null) return `${round} 封存：未走访（${missed}）`;
  return `${round} 封存：${classNames[found]}，人均 ${yuan(perCapita ?? 0)}`;
}

/** An imported event is dated by the former register, not by the import. */
function dayOfEvent({ at, body }: Told): string {
  const on = body?.['on'];
  return typeof on === 'string' ? on : dayOf(Date.parse(at));
}

function ofCase({ id, measures }: StoryFacts['cases'][number], event: Told): StoryItem {
  const { kind, body } = event;
  const step = Object.entries(stepNames).find(([code]) => code === body?.['step'])?.[1] ?? '';
  const verdict = verdictNames[String(body?.['verdict'])] ?? '';
  const taken = measures.find((one) => one.id === body?.['measure']);
  const measure = taken === undefined ? '' : measureNames[taken.kind];
  const status =
    Object.entries(measureStatusNames).find(([code]) => code === (body?.['to'] ?? body?.['status']))?.[1] ?? '';
  const words = caseEventNames[kind] ?? kind;
  const detail = kind.startsWith('measure-') ? [measure, status] : [step, verdict];
  const told = detail.filter((part) => part !== '').join(' ');
  const part =
    kind.startsWith('notice-') || kind.startsWith('objection-')
      ? 'notice'
      : kind.startsWith('measure-')
        ? 'measure'
        : 'case';
  return item(part, dayOfEvent(event), event.at, told === '' ? words : `${words}：${told}`, id);
}

function ofClaim(id: string, line: string, event: Told): StoryItem {
  const { kind, body } = event;
  const amount = body?.['amount'];
  const words = `${claimEventNames[kind] ?? kind}${typeof amount === 'number' ? ` ${yuan(amount)}` : ''}`;
  const part = kind.startsWith('payment-') ? 'payout' : 'claim';
  return item(part, dayOfEvent(event), event.at, `理赔（${lineNames[line] ?? line}）：${words}`, id);
}

function yuan(fen: number): string {
  return `${(fen / 100).toFixed(2)} 元`;
}

const verdictNames: Record<string, string> = { approve: '通过', reject: '不予通过', 'send-back': '退回' };

const caseEventNames: Record<string, string> = {
  'clue-joined': '新的线索并入',
  'episode-started': '监测线索',
  'review-started': '审核开始',
  'step-decided': '审核',
  'step-escalated': '逾期上报',
  'notice-published': '张贴公示',
  'notice-concluded': '公示期满',
  'objection-lodged': '公示异议',
  'objection-answered': '答复异议',
  'case-opened': '纳入监测',
  'case-rejected': '未予纳入',
  'helper-assigned': '明确帮扶责任人',
  'risk-recorded': '认定风险',
  'risk-gone': '风险消除',
  'measure-planned': '制定措施',
  'measure-changed': '措施进展',
  'closure-refused': '不予消除风险',
  'case-closed': '风险消除',
  'household-moved': '随户迁移',
};

const lineNames: Record<string, string> = {
  'accidental-death': '意外身故',
  'accidental-disability': '意外伤残',
  illness: '疾病医疗',
  'accident-medical': '意外医疗',
  education: '助学',
  disaster: '灾害',
};

const claimEventNames: Record<string, string> = {
  'claim-reported': '报案',
  'cover-checked': '受理',
  'documents-requested': '一次性告知补充资料',
  'document-received': '收到资料',
  'documents-complete': '资料齐全',
  surveyed: '查勘',
  adjudicated: '理算',
  'refusal-proposed': '拟拒赔',
  'sent-back': '退回查勘',
  'sent-to-adjudication': '重新理算',
  'first-approved': '核赔（待复核）',
  'claim-approved': '核赔通过',
  'claim-rejected': '拒赔',
  'refusal-notified': '告知拒赔',
  'payee-recorded': '登记收款账户',
  'payment-instructed': '支付指令',
  'payment-settled': '赔款到账',
  'payment-returned': '退汇',
  'claim-withdrawn': '撤案',
  'claim-appealed': '复议',
  'claim-escalated': '逾期上报',
  'claim-closed': '结案',
};
