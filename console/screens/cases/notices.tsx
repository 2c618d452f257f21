import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { type Answer, call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { Due } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered, Nothing } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';
import { noticeSentence } from '../../words/notice-sentence.ts';

const published = z.object({ notice: z.string() });

/** The notices of this case with their days, the objections to them and the answers. */
export function Notices({ answer }: { answer: Answer<'readCase'> }) {
  const { w, language } = useWords();
  const standing = useQuery(read('listNotices', { query: { region: answer.household.slice(0, 12) } }));
  const given = answer.timeline.flatMap(({ kind, at, body }) => {
    const said = kind === 'notice-published' ? published.safeParse(body).data : undefined;
    return said === undefined ? [] : [{ id: said.notice, at }];
  });
  const objections = useQueries({ queries: given.map(({ id }) => read('listObjections', { params: { id } })) });
  if (given.length === 0) return <Nothing />;
  return given.map(({ id, at }, place) => {
    const notice = standing.data?.items.find((one) => one.id === id);
    const asked = objections[place];
    if (asked === undefined) return null;
    return (
      <Block
        key={id}
        title={`${w.publishedAt} ${minute(at)}`}
        // Whether it stands is known once the standing ones are read, not before.
        extra={
          <Answered to={standing}>
            {() =>
              notice === undefined ? <span className="quiet">{w.noticeEnded}</span> : <Due at={notice.lastDay} />
            }
          </Answered>
        }
      >
        {notice === undefined ? null : (
          <p style={{ whiteSpace: 'pre-line' }}>{noticeSentence(notice.text, language)}</p>
        )}
        <Answered to={asked}>
          {({ items }) => (
            <>
              <h3>
                {w.objections} {items.length}
              </h3>
              {items.map((one) => (
                <div key={one.id} className="detail-part">
                  <p>
                    <span className="quiet number">{minute(one.lodgedAt)}</span> {one.text}
                  </p>
                  {one.answer === null ? (
                    <AnswerForm notice={id} objection={one.id} />
                  ) : (
                    <p>
                      ↳ {one.answer.text}{' '}
                      <span className="quiet">
                        {one.answer.by} {minute(one.answer.at)}
                      </span>
                    </p>
                  )}
                </div>
              ))}
            </>
          )}
        </Answered>
      </Block>
    );
  });
}

function AnswerForm({ notice, objection }: { notice: string; objection: string }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const answer = useMutation({
    mutationFn: () => call('answerObjection', { params: { id: notice, objection }, body: { text } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listObjections'] });
    },
    onError: problem,
  });
  if (!mayCall(me, 'answerObjection')) return null;
  return (
    <>
      <Input.TextArea
        aria-label={w.answer}
        rows={2}
        maxLength={500}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button size="small" disabled={text.trim().length < 4} loading={answer.isPending} onClick={() => answer.mutate()}>
        {w.answer}
      </Button>
    </>
  );
}
