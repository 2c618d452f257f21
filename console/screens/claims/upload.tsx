import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select, Upload } from 'antd';
import { useState } from 'react';
import { documentKind, documentType, MOST_DOCUMENT_BYTES } from '../../../functions/contracts/insurance/claim.ts';
import { type Answer, call, mayCall } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { useProblem } from '../../ui/problem.ts';
import { useWords } from '../../words/language.tsx';

/** A paper goes straight to the bucket by a presigned address, and is then confirmed. */
export function UploadPaper({ answer }: { answer: Answer<'readClaim'> }) {
  const { w, of } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const wanted = answer.missing[0]?.anyOf[0];
  const [chosen, setChosen] = useState<(typeof documentKind.options)[number]>();
  const kind = chosen ?? wanted ?? 'other';
  const put = useMutation({
    mutationFn: async (file: File) => {
      const body = { kind, type: documentType.parse(file.type), bytes: file.size, name: file.name.slice(-80) };
      const { document, url, headers } = await call('uploadDocument', { params: { id: answer.id }, body });
      const stored = await fetch(url, { method: 'PUT', headers, body: file });
      if (!stored.ok) throw new Error(`The bucket answered ${stored.status}.`);
      return call('confirmDocument', { params: { id: answer.id, document }, body });
    },
    onSuccess: () => {
      setChosen(undefined);
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['readClaim'] });
    },
    onError: problem,
  });
  if (!mayCall(me, 'uploadDocument') || ['closed', 'rejected', 'withdrawn', 'appealed'].includes(answer.stage))
    return null;
  return (
    <div className="filters no-print">
      <Select
        size="small"
        aria-label={w.papers}
        value={kind}
        style={{ minWidth: 160 }}
        options={documentKind.options.map((value) => ({ value, label: of('document', value) }))}
        onChange={setChosen}
      />
      <Upload
        accept={documentType.options.join()}
        showUploadList={false}
        beforeUpload={(file) => {
          // A phone's own format, or a file that was dropped here, is told by its kind: the network is not to blame.
          if (!documentType.safeParse(file.type).success) void message.error(w.paperTypes);
          else if (file.size > MOST_DOCUMENT_BYTES) void message.error(w.paperTooLarge);
          else put.mutate(file);
          return false;
        }}
      >
        <Button size="small" loading={put.isPending}>
          {w.uploadPaper}
        </Button>
      </Upload>
    </div>
  );
}
