import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { App, Button, Table, type TableProps } from 'antd';
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import { useWords } from '../words/language.tsx';

const paper = matchMedia('print');
function onPrint(told: () => void): () => void {
  paper.addEventListener('change', told);
  return () => paper.removeEventListener('change', told);
}

/**
 * A dense list. Its cells can be copied into a spreadsheet as they stand; many rows are drawn only where they are looked at, and all of them on paper.
 */
export function List<T extends object>({
  copy = false,
  tall = false,
  ...props
}: TableProps<T> & { copy?: boolean; tall?: boolean }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const box = useRef<HTMLDivElement>(null);
  // What scrolls sideways can be scrolled by keyboard, too.
  useEffect(() => {
    for (const content of box.current?.querySelectorAll<HTMLElement>('.ant-table-content') ?? [])
      if (content.scrollWidth > content.clientWidth) content.tabIndex = 0;
      else content.removeAttribute('tabindex');
  });
  const printed = useSyncExternalStore(onPrint, () => paper.matches);
  const many = (props.dataSource?.length ?? 0) > 100 && tall;
  // Of many rows only those looked at are drawn: to be copied, all of them are, out of sight and for a moment.
  const whole = useRef<HTMLDivElement>(null);
  const [copying, setCopying] = useState(false);
  const copyAll = useEffectEvent(() => {
    const text = textOf(whole.current ?? box.current);
    setCopying(false);
    // Without a safe connection a browser has no clipboard at all.
    Promise.resolve(text)
      .then((cells) => navigator.clipboard.writeText(cells))
      .then(
        () => message.success(w.copied),
        () => message.error(w.copyFailed),
      );
  });
  useEffect(() => {
    if (copying) copyAll();
  }, [copying]);
  return (
    <div ref={box} className="list">
      <Table<T>
        size="small"
        pagination={false}
        {...(printed
          ? {}
          : many
            ? { scroll: { x: 1100, y: Math.max(320, window.innerHeight - 300) }, virtual: true }
            : { scroll: { x: 'max-content' } })}
        {...props}
      />
      {copying && many ? (
        <div ref={whole} className="copied" aria-hidden="true">
          <Table<T> size="small" pagination={false} {...props} />
        </div>
      ) : null}
      {copy && (props.dataSource?.length ?? 0) > 0 ? (
        <div className="list-foot no-print">
          <Button size="small" type="text" onClick={() => setCopying(true)}>
            {w.copy}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** Cells between tabs, rows on lines: what spreadsheets take. */
function textOf(box: HTMLElement | null): string {
  return [...(box?.querySelectorAll('tr') ?? [])]
    .map((row) =>
      [...row.querySelectorAll<HTMLElement>('th,td')]
        .map((cell) => cell.innerText.replaceAll(/\s+/g, ' ').trim())
        .join('\t'),
    )
    .filter((line) => line.trim() !== '')
    .join('\n');
}

/** Under a list whose next page nobody has asked for yet. */
export function More({
  of,
}: {
  of: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}) {
  const { w } = useWords();
  if (!of.hasNextPage) return null;
  return (
    <Button className="no-print" size="small" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      {w.more}
    </Button>
  );
}
