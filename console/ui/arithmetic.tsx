import type { Answer } from '../api/client.ts';
import { useWords } from '../words/language.tsx';
import { arithmeticSentence } from '../words/sentences.ts';
import { Money } from './figures.tsx';

/** Every step of what is due with its amount, so that a family can follow it with a pencil. */
export function Arithmetic({ steps, amount }: Pick<Answer<'tryProduct'>, 'steps' | 'amount'>) {
  const { w, language } = useWords();
  return (
    <table className="plain wide arithmetic">
      <tbody>
        {steps.map((step, place) => (
          <tr key={JSON.stringify(step)}>
            <td className="number right quiet">{place + 1}</td>
            <td>{arithmeticSentence(step, language)}</td>
            <td className="right">
              {step.step === 'tier' ? <Money fen={Math.round(step.amount / 100)} /> : <Money fen={step.amount} />}
            </td>
          </tr>
        ))}
        <tr>
          <td />
          <td>
            <b>{w.toBeApproved}</b>
          </td>
          <td className="right">
            <b>
              <Money fen={amount} />
            </b>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
