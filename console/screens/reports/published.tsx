import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { read } from '../../api/client.ts';
import { save } from '../../ui/download.ts';
import { minute } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';

/** The district's briefs of sealed rounds, each as the sealed document that its city or province sums up (docs/operate/roll-up.md). */
export function Published({ region }: { region: string }) {
  const { w } = useWords();
  const published = useQuery(read('readPublished', { query: { region } }));
  return (
    <Block title={w.publishedBriefs}>
      <Answered to={published} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <ul>
            {items.toReversed().map(({ round, publishedAt, document }) => (
              <li key={round}>
                <b>{round}</b> <span className="quiet">{minute(publishedAt)}</span>{' '}
                {document === undefined ? null : (
                  <Button
                    size="small"
                    onClick={() =>
                      save(
                        new Blob([JSON.stringify(document)], { type: 'application/json' }),
                        `${region}-${round}.json`,
                      )
                    }
                  >
                    {w.sealedDocument}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Block>
  );
}
