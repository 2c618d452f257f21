import { Button, QRCode } from 'antd';
import { contains } from '../../../functions/contracts/regions.ts';
import { useRegion, useVillages } from '../../ui/region.tsx';
import { useWords } from '../../words/language.tsx';

/** A sheet to hang up for each village of the region: its QR codes lead families to its notices and to their own declaration. Families read Chinese. */
export function Posters() {
  const { w } = useWords();
  const region = useRegion();
  const villages = useVillages().filter(({ value }) => contains(region, value));
  return (
    <div className="block">
      <p className="quiet">{w.postersText}</p>
      <Button type="primary" onClick={() => window.print()}>
        {w.print}
      </Button>
      <div className="posters" lang="zh-CN">
        {villages.map(({ value, label }) => (
          <section key={value}>
            <h2>{label}</h2>
            <div>
              <Code address={`/public/?village=${value}`} says="看公示 · 提异议" />
              <Code address={`/public/declare?village=${value}`} says="家有困难 · 自己申报" />
            </div>
            <p>微信扫一扫，或到村民委员会办理。不收任何费用。</p>
          </section>
        ))}
      </div>
    </div>
  );
}

function Code({ address, says }: { address: string; says: string }) {
  return (
    <figure>
      <QRCode
        type="svg"
        value={`${location.origin}${address}`}
        size={200}
        bordered={false}
        errorLevel="M"
        aria-label={says}
      />
      <figcaption>{says}</figcaption>
    </figure>
  );
}
