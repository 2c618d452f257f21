import { villageOf } from '../../functions/contracts/values.ts';
import { serverTold } from '../app/clock.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form } from '../keep/forms.ts';
import { visitOf } from '../rules/answers.ts';
import type { Request } from './server.ts';

/**
 * The request a finished form becomes, made once. Its instant is when the form was finished by the server's clock as it was known then, and never
 * later than the server's last word: a phone that runs ahead, or was set right in between, is not held up by it.
 * @returns undefined when the form is not whole, which finishing it does not allow
 */
export function requestOf(desk: Desk, form: Form): Request | undefined {
  const { answers, household } = form;
  switch (answers.kind) {
    case 'visit': {
      const recordedAt = recordedAtOf(form);
      const { visit, missing } = visitOf(answers.visit, { household, visitor: desk.me.sub, recordedAt });
      return missing !== undefined ? undefined : { route: 'submitVisits', params: { id: visit.round }, body: visit };
    }
    case 'missed':
      return {
        route: 'recordMissed',
        params: { id: answers.round },
        body: { village: villageOf(household), items: [{ household, reason: answers.reason }] },
      };
    case 'call': {
      const note = answers.note.trim();
      return {
        route: 'recordCall',
        params: { id: household },
        body: { on: answers.on, ...(note === '' ? {} : { note }) },
      };
    }
    case 'clue':
      return { route: 'giveClue', body: { household, reason: answers.reason.trim(), recordedAt: recordedAtOf(form) } };
    case 'measure':
      return {
        route: 'changeMeasure',
        params: { id: answers.case, measure: answers.measure },
        body: {
          change:
            answers.to === 'under-way'
              ? { to: answers.to, on: answers.on }
              : { to: answers.to, on: answers.on, evidence: evidenceOf(answers.evidence, form) },
        },
      };
    case 'death':
      return {
        route: 'changeHousehold',
        params: { id: household },
        body: { version: versionOf(desk, form), change: { kind: 'death', on: answers.on, person: answers.person } },
      };
    case 'birth':
      return {
        route: 'changeHousehold',
        params: { id: household },
        body: {
          version: versionOf(desk, form),
          change: {
            kind: 'birth',
            on: answers.on,
            member: { name: answers.name.trim(), idNumber: answers.idNumber.trim(), relation: answers.relation },
          },
        },
      };
  }
}

/** When the form was finished, ISO 8601. */
function recordedAtOf({ finishedAt }: Form): string {
  const told = serverTold() || Number.POSITIVE_INFINITY;
  return new Date(Math.min(finishedAt ?? told, told)).toISOString();
}

/** What a measure's completion is proved by: the numbers of papers, and photographs by the beginning of what is in them. */
function evidenceOf(written: string, { photographs = [] }: Form): string[] {
  const pictures = photographs.map(({ sha256 }) => `照片-${sha256.slice(0, 12)}`);
  return [...(written.trim() === '' ? [] : [written.trim()]), ...pictures];
}

/** What the person saw: the version when the form was begun, or the one shown beside it before it was sent again. */
function versionOf(desk: Desk, form: Form): number {
  return form.insisted === true ? (desk.item(form.household)?.household.version ?? form.version) : form.version;
}
