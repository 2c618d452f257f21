import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Empty, Result, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { Refused } from '../api/client.ts';
import { currentSession, signIn, signInBeside } from '../app/session.ts';
import { useWords } from '../words/language.tsx';
import { problemSentence } from '../words/problems.ts';

/** What every view shows of a question to the API until, or instead of, its answer. */
export function Answered<T>({
  to,
  children,
  empty,
}: {
  to: UseQueryResult<T>;
  children: (answer: T) => ReactNode;
  empty?: (answer: T) => boolean;
}) {
  if (to.data !== undefined) return empty?.(to.data) === true ? <Nothing /> : children(to.data);
  if (to.isError) return <Trouble error={to.error} retry={() => void to.refetch()} />;
  return <Skeleton active title={false} paragraph={{ rows: 6 }} />;
}

export function Nothing({ text }: { text?: string }) {
  const { w } = useWords();
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text ?? w.nothing} />;
}

/** What went wrong, and what the person can do about it. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { w, language } = useWords();
  if (error instanceof Refused) {
    if (error.status === 401 && currentSession().state === 'ended') return <Ended />;
    if (error.code === 'role-not-allowed') return <NoRight />;
    if (error.code === 'outside-region')
      return <Result status="warning" title={problemSentence(error, language)} subTitle={w.outsideText} />;
    if (error.status < 500)
      return <Result status="info" title={problemSentence(error, language)} extra={again(retry, w.retry)} />;
    return (
      <Result
        status="error"
        title={w.errorTitle}
        subTitle={`${w.errorServer}${String(error.extra['requestId'] ?? '—')}`}
        extra={again(retry, w.retry)}
      />
    );
  }
  return <Result status="error" title={w.errorTitle} subTitle={w.errorNetwork} extra={again(retry, w.retry)} />;
}

function again(retry: (() => void) | undefined, word: string): ReactNode {
  return retry === undefined ? null : <Button onClick={retry}>{word}</Button>;
}

export function NoRight() {
  const { w } = useWords();
  return <Result status="403" title={w.noRight} subTitle={w.noRightText} />;
}

/** Signing in beside keeps what this window holds; signing in here comes back to the same view, without it. */
export function Ended() {
  const { w } = useWords();
  const [blocked, setBlocked] = useState(false);
  return (
    <Result
      status="warning"
      title={w.sessionEnded}
      subTitle={blocked ? w.windowBlocked : w.sessionEndedText}
      extra={
        <div className="ended-acts">
          <Button type="primary" autoFocus onClick={() => setBlocked(!signInBeside())}>
            {w.signInBeside}
          </Button>
          <Button onClick={() => void signIn(location.pathname + location.search)}>{w.signInAgain}</Button>
        </div>
      }
    />
  );
}
