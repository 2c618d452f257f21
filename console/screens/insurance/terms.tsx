import { educationStage, lineId } from '../../../functions/contracts/insurance/product.ts';
import type { Answer } from '../../api/client.ts';
import { Money } from '../../ui/figures.tsx';
import { Illustrative } from '../../ui/marks.tsx';
import { Block, Facts } from '../../ui/page.tsx';
import { useWords } from '../../words/language.tsx';

export type Product = Answer<'listProducts'>['items'][number];

export function Terms({ product }: { product: Product }) {
  const { w, of } = useWords();
  const { lines } = product;
  return (
    <Block
      title={
        <>
          {product.name} {product.status === 'illustrative' ? <Illustrative /> : null}
        </>
      }
      extra={<span className="quiet">{of('criteriaStatus', product.state)}</span>}
    >
      <table className="plain wide">
        <tbody>
          {lineId.options.flatMap((id) => {
            const line = lines[id];
            if (line === undefined) return [];
            return [
              <tr key={id}>
                <td>
                  <b>{of('line', id)}</b>
                </td>
                <td>
                  {line.kind === 'cost' ? (
                    <>
                      {w.deductible} <Money fen={line.deductible} />
                      {w.semicolon}
                      {line.tiers
                        .map(
                          ({ upTo, percent }) => `${upTo === null ? w.above : `≤ ${upTo / 100} ${w.yuan}`} ${percent}%`,
                        )
                        .join(w.comma)}
                      {w.semicolon}
                      {w.capPerPerson} <Money fen={line.capPerPerson} />
                    </>
                  ) : line.kind === 'lump-sum' ? (
                    <Money fen={line.amount} />
                  ) : line.kind === 'graded' ? (
                    <>
                      <Money fen={line.amount} />
                      {w.semicolon}
                      {of('termsField', 'grade')} {line.shares.map((share) => `${share}%`).join(w.comma)}
                    </>
                  ) : line.kind === 'staged' ? (
                    educationStage.options
                      .flatMap((stage) =>
                        line.amounts[stage] === undefined
                          ? []
                          : [`${of('educationStage', stage)} ${(line.amounts[stage] ?? 0) / 100} ${w.yuan}`],
                      )
                      .join(w.comma)
                  ) : (
                    `${Object.entries(line.housing)
                      .map(([damage, amount]) => `${of('housingDamage', damage)} ${amount / 100} ${w.yuan}`)
                      .join(w.comma)}${w.semicolon}${w.assetsLoss} ${line.assetsPercent}%`
                  )}
                </td>
                <td>
                  {'capPerEvent' in line ? (
                    <>
                      {of('termsField', 'capPerEvent')} <Money fen={line.capPerEvent} />
                    </>
                  ) : null}
                </td>
                <td className="quiet">
                  {line.waitingDays === 0 ? '' : `${w.waitingDays} ${line.waitingDays} ${w.daysUnit}`}
                </td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
      <Facts
        items={[
          [w.capPerHousehold, <Money key="h" fen={product.capPerHousehold} />],
          [w.secondApproverAbove, <Money key="s" fen={product.secondApproverAbove} />],
          [of('termsField', 'promptFrom'), <Money key="p" fen={product.promptFrom} />],
          [w.onLimit, product.partialOnLimit ? w.partialOnLimit : w.refusedOnLimit],
          ...Object.entries(product.clocks).map(([id, { days, kind }]): [string, string] => [
            of('termsField', id),
            `${days} ${of('clockKind', kind)}`,
          ]),
          [w.source, product.source],
        ]}
      />
    </Block>
  );
}
