import type { HelpRequest } from '../../../contracts/assistance/ledger-entry.ts';
import type { ProblemCode } from '../../../contracts/problems.ts';
import { addDays, dayOf } from '../../../domain/calendar.ts';
import { isOpen } from '../../../domain/insurance/claim-stages.ts';
import { isInDispute } from '../../../domain/insurance/confirmations.ts';
import { END_OF_DAYS, isDuring, staysOf, staysWith } from '../../../domain/registry/person-file.ts';
import { listEndedHelp, listHelp, listLedger } from '../../assistance/ledger-entries.ts';
import { listClaimReports } from '../../insurance/claim-reports.ts';
import { type Guard, readHouseholds } from '../households.ts';
import { readGuards } from '../persons.ts';
import { type Kept, payoutsOf } from './kept-records.ts';

/**
 * When the last ground to keep a person's data ended, or which one has not: they live in a registered household, have a case, a claim, a cover, a payment of which
 * the bank has not said the last word, or asked for what nobody has answered.
 * @param now ms since 1970 @returns the day in Asia/Shanghai, or why it has not come
 */
export async function lastGroundOf(kept: Kept, now: number): Promise<{ ended: string } | { standing: ProblemCode }> {
  const { person, households, insured, claims, cases } = kept;
  const today = dayOf(now);
  const at = new Date(now).toISOString();
  const lived = new Map([...households].map(([id, versions]) => [id, staysOf(versions, person, at)]));
  const present = await readHouseholds([...households.keys()]);
  const isRegistered = [...present.values()].some(
    ({ status, members }) => status === 'registered' && members.some((one) => one.person === person),
  );
  const guard = kept.idNumber === undefined ? undefined : await guardOf(kept.data.hash(kept.idNumber));
  const lives = guard?.household !== undefined && guard.diedOn === undefined;
  const stays = [...lived.values()].flat();
  if (isRegistered || lives || stays.some(({ to }) => to === undefined)) return { standing: 'person-registered' };
  const days = stays.map(({ to = today }) => to);
  for (const one of cases) {
    const theirs = staysWith(one, lived);
    for (const [n, { startedAt, admittedOn, closed }] of one.episodes.entries()) {
      // Of an admission that was refused before another episode began, only that is known.
      const refusedAt = one.episodes[n + 1]?.startedAt ?? one.rejected?.at;
      const ended = closed?.on ?? (refusedAt === undefined ? undefined : dayOf(Date.parse(refusedAt)));
      const from = admittedOn ?? dayOf(Date.parse(startedAt));
      if (!theirs.some((two) => two.every((stay) => isDuring([stay], from, ended ?? END_OF_DAYS)))) continue;
      if (ended === undefined) return { standing: 'person-in-case' };
      days.push(ended);
    }
  }
  if (claims.some(isOpen) || (await reportsOpenClaim(kept))) return { standing: 'person-in-claim' };
  days.push(...claims.map(({ enteredAt }) => dayOf(Date.parse(enteredAt))));
  for (const { policy, one } of insured)
    for (const { removedOn, enrolledOn } of one.covers) {
      const to = removedOn ?? policy.to;
      // Taken off before it began: it never covered anybody.
      if (to >= today && enrolledOn <= to) return { standing: 'person-covered' };
      days.push(to);
    }
  for (const payout of await payoutsOf(claims)) {
    const { status, settledOn, returned } = payout;
    if (status === 'instructed' || status === 'accepted' || isInDispute(payout))
      return { standing: 'payout-unconfirmed' };
    days.push(returned?.on ?? settledOn ?? today);
  }
  const help = await helpOf(kept);
  if (help.open) return { standing: 'person-awaits-help' };
  days.push(...help.days);
  return { ended: days.sort().at(-1) ?? addDays(today, -1) };
}

async function guardOf(hash: string): Promise<Guard | undefined> {
  return (await readGuards([hash])).get(hash);
}

/** Whether somebody reported a loss of theirs without login that nobody has looked at. */
async function reportsOpenClaim({ person, idNumber, data, district }: Kept): Promise<boolean> {
  return (await listClaimReports(district)).some(
    (one) => one.person === person || (idNumber !== undefined && data.decrypt(one.idCipher, one.receipt) === idNumber),
  );
}

/** The days on which they were helped, or asked for it; and whether a request of theirs has no outcome yet. */
async function helpOf({ person, households, villages, district }: Kept): Promise<{ open: boolean; days: string[] }> {
  const ledger = (await Promise.all(villages.map(listLedger))).flat();
  const isTheirs = (one: HelpRequest) => one.person === person;
  const open = (await listHelp(district)).filter(isTheirs);
  const ended = (await Promise.all([...households.keys()].map(listEndedHelp))).flat().filter(isTheirs);
  return {
    open: open.length > 0,
    days: [
      ...ledger.flatMap((entry) => ('person' in entry && entry.person === person ? [entry.occurredOn] : [])),
      ...ended.map(({ askedOn, outcome }) => outcome?.on ?? askedOn),
    ],
  };
}
