import { Problem } from '../../../contracts/problems.ts';
import type { Household, HouseholdChange } from '../../../contracts/registry/household.ts';
import { MOST_MEMBERS } from '../../../contracts/values.ts';
import { changeNames } from '../../../domain/registry/change-names.ts';
import type { Version } from '../../../domain/registry/household-changes.ts';
import { bornOn } from '../../../domain/registry/id-number.ts';
import { withChange } from '../../../domain/registry/replay.ts';

/**
 * The household as a new version leaves it: its whole history is replayed with it, so that what is stored can always be told again.
 * @param versions every version so far
 * @throws Problem change-not-possible, naming both events; household-too-large
 */
export function withVersion(household: Household, versions: readonly Version[], fresh: Version): Household {
  const verdict = withChange(versions, fresh);
  if (!verdict.possible) throw contradiction(fresh, verdict.other);
  const { activeCase: _then, ...replayed } = verdict.household;
  const { activeCase, ownPayouts, members } = household;
  if (replayed.members.length > MOST_MEMBERS && replayed.members.length > members.length)
    throw new Problem('household-too-large');
  return { ...replayed, version: fresh.version, ownPayouts, ...(activeCase === undefined ? {} : { activeCase }) };
}

function contradiction(fresh: Version, other: Version | undefined): Problem {
  if (other === undefined) return new Problem('change-not-possible');
  const told = ({ on, change }: Version) => `${on} 的${changeNames[change.kind]}`;
  return notPossible(`${told(fresh)}与已登记的 ${told(other)}先后矛盾，请核对日期。`, [fresh, other]);
}

function notPossible(detail: string, events: readonly Version[] = []): Problem {
  return new Problem('change-not-possible', {
    detail,
    errors: [{ pointer: '/change/on', code: 'change-not-possible', detail }],
    extra: events.length === 0 ? {} : { events: events.map(({ on, change }) => ({ kind: change.kind, on })) },
  });
}

/**
 * Holds the dates of a change against the birth date in an ID number.
 * @param idNumber of the person the change is about, whole
 * @throws Problem change-not-possible: a birth on another day than the number says, or anything that happened before it
 */
export function mustFitNumber(change: HouseholdChange, idNumber: string): void {
  const born = bornOn(idNumber);
  if (change.kind === 'birth' && change.on !== born) throw notPossible('出生日期与身份证号码中的出生日期不符。');
  if (change.on < born) throw notPossible(`${change.on} 的变更早于身份证号码中的出生日期。`);
  const certificate =
    change.kind === 'certificate'
      ? change.certificate
      : change.kind === 'birth' || change.kind === 'move-in'
        ? change.member.disabilityCertificate
        : undefined;
  if (certificate !== undefined && certificate.issuedOn < born) throw notPossible('残疾证的日期早于出生日期。');
}
