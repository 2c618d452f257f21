import { Progress } from 'antd';
import { useWords } from '../words/language.tsx';

/** How far a policy's limit is used: what is paid, and before it what is promised. */
export function LimitUsed({ limit, reserved, paid }: { limit: number; reserved: number; paid: number }) {
  const { w } = useWords();
  const percent = (amount: number): number => Math.round((amount / limit) * 1000) / 10;
  return (
    <Progress
      aria-label={w.limitUsed}
      size="small"
      percent={percent(reserved + paid)}
      success={{ percent: percent(paid) }}
    />
  );
}
