import { useQuery } from '@tanstack/react-query';
import { Cascader } from 'antd';
import * as z from 'zod';
import { contains, type Divisions, regionCode } from '../../functions/contracts/regions.ts';
import { mayCall, read } from '../api/client.ts';
import { useMe } from '../app/me.ts';
import { useWords } from '../words/language.tsx';
import { useView } from './view.ts';

/** The region every view is about: the one in the address when it lies inside the caller's, else the caller's own. */
export function useRegion(): string {
  const me = useMe();
  const [{ region }] = useView(z.object({ region: regionCode.optional() }));
  return region !== undefined && contains(me.region, region) ? region : me.region;
}

/** The region in the address, when it is not simply the caller's own: links keep it. */
export function useKept(): { region?: string } {
  const me = useMe();
  const region = useRegion();
  return region === me.region ? {} : { region };
}

function useDivisions(): Divisions | undefined {
  const me = useMe();
  return useQuery({
    ...read('readDivisions', {}),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: mayCall(me, 'readDivisions'),
  }).data;
}

/** Names of divisions: of a village with its town before it when asked for in full. */
export function useRegionNames(): (code: string, full?: boolean) => string {
  const divisions = useDivisions();
  return (code, full = false) => {
    if (divisions === undefined) return code;
    if (code.length === 6) return divisions.district.code === code ? divisions.district.name : code;
    const town = divisions.towns.find((each) => each.code === code.slice(0, 9));
    if (town === undefined) return code;
    if (code.length === 9) return town.name;
    const village = town.villages.find((each) => each.code === code);
    const name = (village?.name ?? code).replace(/(村民|居民)?委员会$/, (tail) =>
      tail.startsWith('居') ? '社区' : '村',
    );
    return full ? `${town.name} ${name}` : name;
  };
}

/** The villages inside the caller's region, to choose one from. */
export function useVillages(): { value: string; label: string }[] {
  const me = useMe();
  const name = useRegionNames();
  const all = useDivisions()?.towns.flatMap(({ villages }) => villages) ?? [];
  return all
    .filter(({ code }) => contains(me.region, code))
    .map(({ code }) => ({ value: code, label: name(code, true) }));
}

/** Only what lies inside the caller's region can be chosen. */
export function RegionPicker() {
  const me = useMe();
  const { w } = useWords();
  const divisions = useDivisions();
  const name = useRegionNames();
  const region = useRegion();
  const [, setView] = useView(z.object({ region: regionCode.optional() }));
  if (divisions === undefined || me.region.length === 12)
    return <span className="region-fixed">{name(me.region, true)}</span>;
  const towns = divisions.towns
    .filter(({ code }) => contains(me.region, code) || contains(code, me.region))
    .map((town) => ({
      value: town.code,
      label: town.name,
      children: town.villages.map((village) => ({ value: village.code, label: name(village.code) })),
    }));
  const all =
    me.region.length === 6 ? [{ value: me.region, label: `${name(me.region)} · ${w.allOf}` }, ...towns] : towns;
  const chosen = region.length === 6 ? [region] : region.length === 9 ? [region] : [region.slice(0, 9), region];
  return (
    <Cascader
      aria-label={w.region}
      options={all}
      value={chosen}
      changeOnSelect
      allowClear={false}
      showSearch
      expandTrigger="hover"
      displayRender={(labels) => labels.at(-1)}
      onChange={(value) => {
        const code = value.at(-1);
        if (code !== undefined)
          setView({ region: String(code) === me.region ? undefined : String(code), cursor: undefined });
      }}
      style={{ minWidth: 168 }}
    />
  );
}
