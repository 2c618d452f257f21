import { useEffect, useState } from 'preact/hooks';
import { isSetBack } from '../app/clock.ts';
import { t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';

/** Below so much room the phone may soon take no more forms. */
const LITTLE_BYTES = 5_000_000;

/** Older browsers give a private window no more than this; newer ones do not let it be told from another. */
const PRIVATE_BYTES = 200_000_000;

let waiting: ServiceWorker | undefined;
const listeners = new Set<() => void>();

/** Registers the service worker and watches for its next version; without one the page works, but opens only with a signal. */
export async function watchForUpdates(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker === undefined) return;
  const registration = await serviceWorker.register('/field/worker.js', { scope: '/field/' });
  const look = () => {
    // The very first version has nobody to wait for.
    waiting = serviceWorker.controller === null ? undefined : (registration.waiting ?? undefined);
    for (const listener of listeners) listener();
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  look();
}

/** A new version announces itself between two forms, and comes in when the person lets it. */
export function UpdateBar() {
  const [worker, setWorker] = useState(waiting);
  useEffect(() => {
    const look = () => setWorker(waiting);
    listeners.add(look);
    return () => void listeners.delete(look);
  }, []);
  if (worker === undefined) return null;
  const comeIn = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    worker.postMessage('come-in');
  };
  return (
    <p class="notice">
      {t('有新版本。', 'There is a new version.')}
      <button type="button" onClick={comeIn}>
        {t('更新（已填的都在）', 'Update (nothing is lost)')}
      </button>
    </p>
  );
}

/** Whether the browser may clear what is kept here: it promises to keep it of pages that are installed or often used, never in a private window. */
async function mayBeCleared(): Promise<boolean> {
  const { storage } = navigator;
  return (await storage?.persisted?.()) === false && (await storage.persist?.()) === false;
}

/** Told before there is anything to lose, and wherever something is unsent. */
export function MayBeCleared() {
  const [may, setMay] = useState(false);
  useEffect(() => void mayBeCleared().then(setMay, () => undefined), []);
  if (!may) return null;
  return (
    <p class="notice">
      {t(
        '手机空间不足时，或本窗口是无痕模式时，系统可能清掉本页：请把本页添加到主屏幕，并尽早发送。',
        'A phone that is full, or a private window, may clear this page: add it to the home screen, and send soon.',
      )}
    </p>
  );
}

/** Says beforehand what would lose work: no room, a private window, records the system damaged. */
export function StorageWarning({ desk }: { desk: Desk }) {
  const [little, setLittle] = useState<string>();
  useEffect(() => {
    const look = async () => {
      const { quota = Number.POSITIVE_INFINITY, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      if (quota - usage < LITTLE_BYTES)
        setLittle(t('手机存储将满，请先清理，再继续填写。', 'This phone is nearly full: make room before going on.'));
      else if (quota < PRIVATE_BYTES && (await mayBeCleared()))
        setLittle(
          t(
            '本窗口可能是无痕模式：关闭后未送达的表单会丢失，请用普通窗口打开。',
            'This may be a private window: closing it loses unsent forms. Use an ordinary one.',
          ),
        );
    };
    void look().catch(() => undefined);
  }, []);
  const full = desk.status.full
    ? t(
        '手机存储已满：刚才填写的内容还没有存下，请不要关闭本页，先清理手机存储。',
        'This phone is full: what was typed last is not kept yet. Do not close this page; make room first.',
      )
    : undefined;
  const cleared = desk.vault.wasCleared
    ? t(
        '本页在手机上的数据被清理过（清理工具或系统所为）：名单和表单已重新存下，未送达的照片可能已丢失，请查看。清理手机时请不要清理浏览器数据。',
        'This page’s data was cleared from the phone: list and forms have been kept anew; photographs not yet sent may be lost. Do not clear the browser’s data.',
      )
    : undefined;
  const clock = isSetBack()
    ? t(
        '手机的日期和时间不对，比上次联网时还早：请在手机设置里打开“自动确定日期和时间”，再核对本表的日期。',
        'This phone’s date and time are wrong, earlier than when it last had a signal: set them to automatic in its settings, then check the date of this form.',
      )
    : undefined;
  const broken =
    desk.status.broken > 0
      ? t(
          `有 ${desk.status.broken} 份记录已被系统损坏，无法读出。`,
          `${desk.status.broken} records were damaged by the system and cannot be read.`,
        )
      : undefined;
  const ended = desk.status.ended
    ? t(
        '登录已过期，可继续填写；联网后请在“设置”里重新登录，表单会接着发送。',
        'The session has ended. Go on filling in; with a signal, sign in again under Settings and sending goes on.',
      )
    : undefined;
  return (
    <>
      {[full, cleared, clock, broken, ended, little].map((words) =>
        words === undefined ? null : (
          <p class="notice warn" role="alert" key={words}>
            {words}
          </p>
        ),
      )}
    </>
  );
}
