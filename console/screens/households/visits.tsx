import type { Answer } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { minute, roundName } from '../../ui/format.ts';
import { ClassMark } from '../../ui/marks.tsx';
import { Block, Facts } from '../../ui/page.tsx';
import { HouseholdPhotographs } from '../../ui/photographs.tsx';
import { Signals } from '../../ui/signals.tsx';
import { useWords } from '../../words/language.tsx';

type Visit = Answer<'householdVisits'>['items'][number];

/** Each visit as it was written down, the newest first. */
export function Visits({ visits, household }: { visits: readonly Visit[]; household: Answer<'readHousehold'> }) {
  const { w, of, language } = useWords();
  const nameOf = (person: string | undefined): string =>
    household.members.find((one) => one.person === person)?.name ?? '—';
  return visits.toReversed().map((visit) => (
    <Block
      key={visit.id}
      title={
        <>
          {visit.visitedOn} · {roundName(visit.round, language)} · {visit.purpose === 'sample' ? w.sample : w.visit}{' '}
          <ClassMark of={visit.triage.class} />
        </>
      }
      extra={
        <span className="quiet">
          {visit.visitor} · {minute(visit.recordedAt)}
        </span>
      }
    >
      <Facts
        items={[
          ...(['wages', 'business', 'property', 'transfer', 'businessCosts'] as const).map(
            (one) => [of('income', one), <Money key={one} fen={visit.income[one]} />] as const,
          ),
          [w.otherInsurers, <Money key="i" fen={visit.insurancePayouts} />],
          [w.paidMedical, <Money key="m" fen={visit.selfPaid.medical} />],
          [w.paidEducation, <Money key="e" fen={visit.selfPaid.education} />],
          [w.paidOther, <Money key="o" fen={visit.selfPaid.other} />],
          [w.perCapita, <Money key="p" fen={visit.triage.perCapita} />],
          [
            w.guarantees,
            Object.entries(visit.guarantees)
              .filter(([, safe]) => !safe)
              .map(([one]) => `✕ ${of('guarantee', one)}`)
              .join(w.and) || `✓ ${w.allGuaranteed}`,
          ],
        ]}
      />
      <table className="plain">
        <tbody>
          {visit.members.map((member) => (
            <tr key={member.person}>
              <td>{nameOf(member.person)}</td>
              <td>{of('labour', member.labour)}</td>
              <td>{of('health', member.health)}</td>
              <td>{member.inSchool ? w.inSchool : ''}</td>
              <td>{member.disabilityGrade === undefined ? '' : `${w.disability} ${member.disabilityGrade}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Signals signals={visit.triage.signals} />
      {visit.note === undefined ? null : <p>{visit.note}</p>}
      <HouseholdPhotographs
        household={household.id}
        of={{ kind: 'visit', round: visit.round, household: household.id, visit: visit.id }}
      />
    </Block>
  ));
}
