import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { type Answer, call, mayCall } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { ReasonDialog } from '../../ui/reason.tsx';
import { useWords } from '../../words/language.tsx';

/** A refused claim is appealed for the family: a claim of its own, which is opened at once. */
export function Appeal({ answer }: { answer: Answer<'readClaim'> }) {
  const { w } = useWords();
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  if (answer.stage !== 'rejected' || !mayCall(me, 'appeal')) return null;
  return (
    <div className="filters no-print">
      <Button size="small" onClick={() => setOpen(true)}>
        {w.appeal}
      </Button>
      {open ? (
        <ReasonDialog
          title={w.appeal}
          about={w.appealNote}
          act={async (reason) => {
            const { id } = await call('appeal', { params: { id: answer.id }, body: { reason } });
            await navigate({ to: '/claims/$id', params: { id } });
          }}
          close={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
