import type { StepId, Verdict } from '../../../functions/contracts/cases/case.ts';
import type { Requirement } from '../../../functions/contracts/cases/review.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { ladderInForce, ladders } from '../../../functions/domain/cases/ladder.ts';
import { type Answer, serverNow } from '../../api/client.ts';

/** What the detail of a decision shows: the facts, or the form of one of the three answers. */
export type Mode = 'look' | 'approve' | 'send-back' | 'reject';

export type Item = Answer<'listDecisions'>['items'][number];

/** What the form of any of the three answers holds. */
export type Fields = Filled & { to?: string; code?: string; reason?: string };

/** What is filled in and not sent yet, by `draftOf`. */
export type Drafts = Map<string, Fields>;

/** Of which answer to which items a draft is. */
export function draftOf(mode: Mode, items: readonly Item[]): string {
  return [mode, ...items.map(({ id }) => id)].join(' ');
}

/** What an approval at a step must come with, by the ladder in force when the step was entered. */
export function requirementsOf({
  procedure,
  step,
  enteredAt,
}: Pick<Item, 'procedure' | 'step' | 'enteredAt'>): readonly Requirement[] {
  if (procedure === 'settlement') return [];
  const found = ladderInForce(ladders, procedure, dayOf(Date.parse(enteredAt))).steps.find(({ id }) => id === step);
  return found?.kind === 'decision' ? found.requires : [];
}

/** The earlier steps a review can be sent back to. */
export function earlierSteps({
  procedure,
  step,
  enteredAt,
}: Pick<Item, 'procedure' | 'step' | 'enteredAt'>): readonly StepId[] {
  if (procedure === 'settlement') return [];
  const { steps } = ladderInForce(ladders, procedure, dayOf(Date.parse(enteredAt)));
  const place = steps.findIndex(({ id }) => id === step);
  return steps.slice(0, place).flatMap(({ kind, id }) => (kind === 'decision' ? [id] : []));
}

/** What the form of an approval holds. */
export interface Filled {
  signedOn?: string;
  signedBy?: string;
  document?: string;
  risks?: Answer<'readCase'>['risks'];
  caseType?: NonNullable<Answer<'readCase'>['caseType']>;
  heldOn?: string;
  for?: number;
  against?: number;
  abstaining?: number;
  account?: string;
  name?: string;
  unit?: string;
  note?: string;
}

/** What is most often right, so that a form is looked through rather than filled in. */
export function suggested(
  item: Item,
  found: Pick<Answer<'readCase'>, 'caseType' | 'risks'>,
  head: string | undefined,
  risks: Answer<'readCase'>['risks'],
): Filled {
  const today = dayOf(serverNow());
  return {
    signedOn: today,
    heldOn: today,
    against: 0,
    abstaining: 0,
    document: `${item.subject.replace(/^case-/, '')}/${today}`,
    risks: found.risks.length > 0 ? found.risks : risks,
    ...(head === undefined ? {} : { signedBy: head }),
    ...(found.caseType === null ? {} : { caseType: found.caseType }),
  };
}

export function approval(item: Item, filled: Filled): Verdict {
  const needs = requirementsOf(item);
  const official = { account: filled.account ?? '', name: filled.name ?? '', unit: filled.unit ?? '' };
  return {
    verdict: 'approve',
    ...(needs.includes('authorisation')
      ? {
          authorisation: {
            signedOn: filled.signedOn ?? '',
            signedBy: filled.signedBy ?? '',
            document: filled.document ?? '',
          },
        }
      : {}),
    ...(needs.includes('risks') ? { risks: filled.risks ?? [] } : {}),
    ...(needs.includes('caseType') && filled.caseType !== undefined ? { caseType: filled.caseType } : {}),
    ...(needs.includes('votes')
      ? {
          votes: {
            heldOn: filled.heldOn ?? '',
            for: filled.for ?? 0,
            against: filled.against ?? 0,
            abstaining: filled.abstaining ?? 0,
          },
        }
      : {}),
    ...(needs.includes('helper') ? { helper: official } : {}),
    ...(needs.includes('monitoringContact') ? { monitoringContact: official } : {}),
    ...(filled.note === undefined || filled.note === '' ? {} : { note: filled.note }),
  };
}

/** Only what needs nothing of the single case can be approved for several at once. */
export function approvableTogether(items: readonly Item[]): boolean {
  const [first] = items;
  return (
    first !== undefined &&
    items.every(
      (item) =>
        item.step === first.step &&
        item.procedure === first.procedure &&
        requirementsOf(item).every((need) => need === 'helper' || need === 'monitoringContact'),
    )
  );
}
