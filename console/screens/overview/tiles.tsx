import { Link, useNavigate } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { percent, whole } from '../../ui/format.ts';
import { ClassMark, classColours } from '../../ui/marks.tsx';
import { useWords } from '../../words/language.tsx';
import { type Part, RegionMap, useBoundaries } from './map.tsx';

/**
 * The region and its parts as tiles in the order of their codes, which is that of the map's index: no tile is first or last by merit.
 * Where the deployment has real boundaries, they take the place of the tiles.
 */
export function Tiles({ answer }: { answer: Answer<'readRound'> }) {
  const { w } = useWords();
  const navigate = useNavigate();
  const found = useBoundaries();
  const parts: readonly Part[] = answer.parts ?? [];
  const known = new Set(found?.features.map(({ properties }) => properties.code));
  const { totals } = answer;
  if (totals === undefined) return null;
  return (
    <>
      <div className="class-totals">
        {(['secure', 'concern', 'monitor'] as const).map((one) => (
          <div key={one}>
            <ClassMark of={one} />
            <Link
              className="number"
              to="/rounds/$id/households"
              params={{ id: answer.id }}
              search={{ region: answer.region, class: one }}
            >
              <b>
                {whole(totals.byClass[one].households)} <span className="unit">{w.householdsUnit}</span>
              </b>
            </Link>
            <span className="quiet number">
              {whole(totals.byClass[one].people)} {w.peopleUnit} ·{' '}
              {percent(totals.byClass[one].households, totals.visited.households)}
            </span>
          </div>
        ))}
        <div>
          <span className="quiet">{w.missed}</span>
          <Link
            className="number"
            to="/rounds/$id/households"
            params={{ id: answer.id }}
            search={{ region: answer.region, missed: 'any' }}
          >
            <b>
              {whole(totals.missed.households)} <span className="unit">{w.householdsUnit}</span>
            </b>
          </Link>
          <span className="quiet number">
            {whole(totals.missed.people)} {w.peopleUnit}
          </span>
        </div>
      </div>
      {found == null || !parts.some(({ region }) => known.has(region)) ? null : (
        <RegionMap round={answer.id} parts={parts} found={found} />
      )}
      <div className="tiles">
        {parts
          .filter(({ region }) => !known.has(region))
          .map(({ region, name, totals: { byClass, visited, missed } }) => (
            <button
              key={region}
              type="button"
              onClick={() =>
                void navigate(
                  region.length === 12
                    ? { to: '/rounds/$id/sheets/$village', params: { id: answer.id, village: region } }
                    : { to: '/overview', search: { region } },
                )
              }
            >
              <b>{name.replace(/(村民|居民)?委员会$/, '')}</b>
              <span className="strip" aria-hidden="true">
                {(['monitor', 'concern', 'secure'] as const).map((one) => (
                  <i key={one} style={{ flexGrow: byClass[one].households, background: classColours[one] }} />
                ))}
              </span>
              <span className="tile-numbers number">
                <span title={w.classes} style={{ color: classColours.monitor }}>
                  ▲{byClass.monitor.households}
                </span>
                <span style={{ color: classColours.concern }}>◆{byClass.concern.households}</span>
                <span style={{ color: classColours.secure }}>●{byClass.secure.households}</span>
              </span>
              <span className="quiet number">
                {whole(visited.households)} {w.householdsUnit}
                {missed.households > 0 ? ` · ${w.missed} ${missed.households}` : ''}
              </span>
            </button>
          ))}
      </div>
    </>
  );
}
