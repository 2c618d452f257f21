import { useEffect, useState } from 'preact/hooks';
import { shrunk, unreadable } from '../../console/app/photograph.ts';
import { MOST_PHOTOGRAPHS } from '../../functions/contracts/assistance/evidence-http.ts';
import { type Said, say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { type Form, type Photograph, photographsWaiting } from '../keep/forms.ts';
import { addPhotograph, dropPhotograph, readPhotograph } from '../keep/photographs.ts';

/** What is wrong with what was chosen, and what to do. */
const faults: Record<Awaited<ReturnType<typeof unreadable>>, Said> = {
  empty: ['这个文件是空的，没有拍上：请重新拍一张。', 'This file is empty: take another.'],
  heic: [
    '这张照片是 HEIC 格式，这个浏览器读不出。请在 iPhone 的“设置 › 相机 › 格式”里选“兼容性最佳”后重拍；已拍好的，打开照片截屏，再选截屏。',
    'This photograph is HEIC, which this browser cannot read. In the iPhone’s Settings › Camera › Formats choose Most Compatible and take it again; or make a screenshot of it and choose that.',
  ],
  pdf: [
    '这是 PDF 文件，不是照片。请直接拍照；或打开文件截屏，再选截屏。',
    'This is a PDF, not a photograph. Take a picture; or make a screenshot of it and choose that.',
  ],
  film: ['这是视频，不是照片：请拍一张照片。', 'This is a film: take a photograph.'],
  damaged: [
    '这张照片打不开：可能没有存完整，或对这部手机太大。请重拍，或在相机里调低分辨率。',
    'This photograph does not open: it broke off, or is too large for this phone. Take it again, or at a lower resolution.',
  ],
  other: ['这不是照片，请重新选择。', 'This is no picture; choose another.'],
};
/** The form itself is kept by itself. */
const NO_ROOM: Said = [
  '手机存储已满，这张照片没有存下；填写的内容不受影响。请清理手机后再拍。',
  'This phone is full and the photograph is not kept; what was filled in is. Make room, then take it again.',
];

/** Photographs of a form, added one at a time; nobody has to. */
export function Photographs(props: { desk: Desk; form: Form; busy: boolean; setBusy: (busy: boolean) => void }) {
  const { desk, form, busy, setBusy } = props;
  const { photographs = [] } = form;
  const [fault, setFault] = useState<Said>();
  const add = async (file: File) => {
    setFault(undefined);
    setBusy(true);
    try {
      const bytes = await shrunk(file).catch(() => undefined);
      // A file that cannot even be read was taken away meanwhile.
      if (bytes === undefined) return setFault(faults[await unreadable(file).catch(() => 'damaged' as const)]);
      await addPhotograph(desk, form.id, bytes).catch(() => setFault(NO_ROOM));
    } finally {
      setBusy(false);
    }
  };
  return (
    <fieldset>
      <legend>{t('照片（可不拍）', 'Photographs (optional)')}</legend>
      <ul class="photographs">
        {photographs.map((photograph) => (
          <li key={photograph.id}>
            <Picture desk={desk} photograph={photograph} />
            <button type="button" class="quiet" onClick={() => void dropPhotograph(desk, form.id, photograph)}>
              {t('删除', 'Delete')}
            </button>
          </li>
        ))}
      </ul>
      {photographs.length >= MOST_PHOTOGRAPHS ? null : (
        <label class="shoot">
          {busy ? t('正在缩小…', 'Making it smaller…') : t('拍照或选一张', 'Take or choose one')}
          <input
            type="file"
            accept="image/*"
            disabled={busy}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              // The same picture may be chosen again after it was deleted.
              currentTarget.value = '';
              if (file !== undefined) void add(file);
            }}
          />
        </label>
      )}
      {fault === undefined ? null : (
        <p class="fault" role="alert">
          {say(fault)}
        </p>
      )}
    </fieldset>
  );
}

function Picture({ desk, photograph: { id, bytes: size } }: { desk: Desk; photograph: Photograph }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    let gone = false;
    const show = async () => {
      const bytes = await readPhotograph(desk, id);
      if (bytes === undefined || gone) return;
      made = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
      setAddress(made);
    };
    void show().catch(() => undefined);
    return () => {
      gone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [desk, id]);
  const words = `${t('照片', 'Photograph')} ${Math.round(size / 1024)} KB`;
  return address === undefined ? <span>{words}</span> : <img src={address} alt={words} />;
}

/** What became of the photographs of a form that has arrived. */
export function PhotographsLeft({ form }: { form: Form }) {
  const { photographs = [] } = form;
  if (photographs.length === 0) return null;
  const waiting = photographsWaiting(form);
  const refused = photographs.flatMap((one) => (one.refused === undefined ? [] : [say(one.refused)]));
  return (
    <small class="photographs-left">
      {form.state !== 'sent'
        ? t(`照片 ${photographs.length} 张`, `Photographs: ${photographs.length}`)
        : waiting > 0
          ? t(`照片还有 ${waiting} 张待发送`, `Photographs to send: ${waiting}`)
          : refused.length === 0
            ? t(`照片 ${photographs.length} 张已送达`, `Photographs arrived: ${photographs.length}`)
            : `${t('照片未被接收：', 'Photograph not taken: ')}${refused.join(' ')}`}
    </small>
  );
}
