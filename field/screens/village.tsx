import { useEffect, useState } from 'preact/hooks';
import type { Divisions } from '../../functions/contracts/regions.ts';
import { t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { exchange } from '../send/send.ts';

/** Whoever answers for more than one village chooses where the day is spent. */
export function VillageChoice({ desk }: { desk: Desk }) {
  const [divisions, setDivisions] = useState<Divisions>();
  const [town, setTown] = useState('');
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    desk.call<Divisions>({ route: 'readDivisions' }).then(setDivisions, () => setTrouble(true));
  }, [desk]);
  if (trouble)
    return <p class="empty">{t('没有信号，选择村需要联网一次。', 'No signal: choosing a village needs one once.')}</p>;
  if (divisions === undefined) return <p class="empty">{t('正在取村名单…', 'Fetching the villages…')}</p>;
  const villages = divisions.towns.find(({ code }) => code === town)?.villages ?? [];
  return (
    <div class="visit">
      <h2>{t('选择要走访的村', 'Choose the village to visit')}</h2>
      <select aria-label={t('镇', 'Town')} value={town} onChange={({ currentTarget }) => setTown(currentTarget.value)}>
        <option value="">{t('选择镇（街道）', 'Choose a town')}</option>
        {divisions.towns.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <ul class="forms">
        {villages.map(({ code, name }) => (
          <li key={code}>
            <button type="button" onClick={() => void desk.choose(code).then(() => exchange(desk))}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
