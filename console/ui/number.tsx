import { InputNumber } from 'antd';
import type { ComponentProps } from 'react';
import { useWords } from '../words/language.tsx';

type Props = Omit<ComponentProps<typeof InputNumber<string | number>>, 'parser'>;

/**
 * What was typed, as digits: input methods write them, points and separators in full width too. Anything else (3万, 1e3, -5, and 1,5, which may be one and a
 * half) is empty, and is never taken for a part of itself. @returns digits with at most one point, or an empty text
 */
export function digitsOf(typed: string | undefined): string {
  const plain = (typed ?? '').normalize('NFKC').replaceAll('。', '.').replaceAll(/\s/g, '');
  return /^(\d*|\d{1,3}(,\d{3})+)(\.\d*)?$/.test(plain) ? plain.replaceAll(',', '') : '';
}

/** A number that is not negative, as it is typed in China. */
export function NumberInput(props: Props) {
  return <InputNumber<string | number> min={0} {...props} parser={digitsOf} />;
}

/** An amount in yuan and fen. */
export function YuanInput(props: Props) {
  const { w } = useWords();
  return <NumberInput precision={2} suffix={w.yuan} style={{ width: '100%' }} {...props} />;
}
