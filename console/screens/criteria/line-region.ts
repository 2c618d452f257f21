import { useRegionNames } from '../../ui/region.tsx';
import { useWords } from '../../words/language.tsx';

/** The name of where a monitoring line holds: a province (2 digits), a prefecture (4), or a division of the district. */
export function useLineRegion(): (code: string) => string {
  const { w } = useWords();
  const name = useRegionNames();
  return (code) =>
    code.length === 2 ? `${w.wholeProvince} ${code}` : code.length === 4 ? `${w.wholePrefecture} ${code}` : name(code);
}
