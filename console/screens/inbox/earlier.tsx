import * as z from 'zod';
import type { Answer } from '../../api/client.ts';
import { minute } from '../../ui/format.ts';
import { useWords } from '../../words/language.tsx';

const decided = z.object({
  step: z.string(),
  by: z.string(),
  verdict: z.looseObject({
    verdict: z.enum(['approve', 'send-back', 'reject']),
    reason: z.string().optional(),
    votes: z.object({ for: z.int(), against: z.int(), abstaining: z.int() }).optional(),
  }),
});

/** The steps decided before this one, as the case's own timeline tells them. */
export function Earlier({ timeline }: Pick<Answer<'readCase'>, 'timeline'>) {
  const { w, of } = useWords();
  const words = { approve: w.approve, 'send-back': w.sendBack, reject: w.reject };
  const steps = timeline.flatMap(({ kind, at, body, sequence }) => {
    const said = kind === 'step-decided' ? decided.safeParse(body).data : undefined;
    return said === undefined ? [] : [{ ...said, at, sequence }];
  });
  if (steps.length === 0) return null;
  return (
    <table className="plain">
      <tbody>
        {steps.map(({ sequence, step, by, at, verdict }) => (
          <tr key={sequence}>
            <td>{of('step', step)}</td>
            <td>{words[verdict.verdict]}</td>
            <td>{by}</td>
            <td className="number">{minute(at)}</td>
            <td>
              {verdict.reason}
              {verdict.votes === undefined
                ? ''
                : `${w.votesFor} ${verdict.votes.for} · ${w.votesAgainst} ${verdict.votes.against} · ${w.votesAbstaining} ${verdict.votes.abstaining}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
