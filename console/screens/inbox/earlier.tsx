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

/** A step that was decided. */
interface Step {
  step: string;
  by: string;
  at: string;
  verdict: 'approve' | 'send-back' | 'reject';
  reason?: string | undefined;
  votes?: { for: number; against: number; abstaining: number } | undefined;
}

/** The steps that were decided, as a case's own timeline tells them. */
export function decidedSteps(timeline: Answer<'readCase'>['timeline']): Step[] {
  return timeline.flatMap(({ kind, at, body }) => {
    const said = kind === 'step-decided' ? decided.safeParse(body).data : undefined;
    return said === undefined ? [] : [{ step: said.step, by: said.by, at, ...said.verdict }];
  });
}

/** Who decided what before, and why. */
export function Earlier({ steps }: { steps: readonly Step[] }) {
  const { w, of } = useWords();
  const words = { approve: w.approve, 'send-back': w.sendBack, reject: w.reject };
  if (steps.length === 0) return null;
  return (
    <table className="plain earlier">
      <tbody>
        {steps.map(({ step, by, at, verdict, reason, votes }) => (
          <tr key={at + step}>
            <td>{of('step', step)}</td>
            <td>{words[verdict]}</td>
            <td>{by}</td>
            <td className="number">{minute(at)}</td>
            <td>
              {reason}
              {votes === undefined
                ? ''
                : `${w.votesFor} ${votes.for} · ${w.votesAgainst} ${votes.against} · ${w.votesAbstaining} ${votes.abstaining}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
