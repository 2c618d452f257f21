import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { householdId } from '../../../functions/contracts/values.ts';
import { type Answer, Refused, read } from '../../api/client.ts';
import { useWords } from '../../words/language.tsx';
import { problemSentence } from '../../words/problems.ts';

/** The household whose number is typed, read as soon as that is whole. */
export function useFound(id: string): UseQueryResult<Answer<'readHousehold'>> {
  return useQuery({ ...read('readHousehold', { params: { id } }), enabled: householdId.safeParse(id).success });
}

/** Who lives there, so that a slip in the number is seen before anything follows from it; or why nobody is known. */
export function Found({ household }: { household: UseQueryResult<Answer<'readHousehold'>> }) {
  const { w, language } = useWords();
  const { data, error } = household;
  if (data !== undefined)
    return (
      <p role="status">
        {data.members.map(({ name }) => name).join(w.and)} <span className="quiet">{data.address ?? ''}</span>
      </p>
    );
  if (error === null) return null;
  return (
    <p role="status" className="due late">
      {error instanceof Refused ? problemSentence(error, language) : w.errorNetwork}
    </p>
  );
}
