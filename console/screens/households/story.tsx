import { Segmented, Timeline } from 'antd';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { codes } from '../../words/codes.ts';
import { useWords } from '../../words/language.tsx';
import { storyTitle } from '../../words/story.ts';

/** Everything in the order it happened, the newest first. */
export function Story({ story }: Pick<Answer<'householdHistory'>, 'story'>) {
  const { w, of, language } = useWords();
  const [kind, setKind] = useState('all');
  const kinds = Object.keys(codes.storyKind).filter((one) => story.some((each) => each.kind === one));
  const shown = story.filter((each) => kind === 'all' || each.kind === kind).toReversed();
  return (
    <div className="block">
      <div className="filters no-print">
        <Segmented
          size="small"
          value={kind}
          onChange={setKind}
          options={[
            { value: 'all', label: w.allOf },
            ...kinds.map((value) => ({ value, label: of('storyKind', value) })),
          ]}
        />
      </div>
      <Timeline
        items={shown.map(({ on, at, kind: what, title }, place) => ({
          key: `${at}/${place}`,
          color:
            what === 'case' || what === 'notice'
              ? '#80570b'
              : what === 'claim' || what === 'payout'
                ? '#3b5f8a'
                : '#12655f',
          content: (
            <>
              <span className="number quiet">{on}</span> <span className="story-kind">{of('storyKind', what)}</span>{' '}
              {storyTitle(title, language)}
            </>
          ),
        }))}
      />
    </div>
  );
}
