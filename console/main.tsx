import './app/zod.ts';
import './app/style.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/client.ts';
import { router } from './app/router.tsx';
import { Speaking, useWords } from './words/language.tsx';

const FONTS =
  '-apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans SC", sans-serif';

/** One accent; small type and little space, for people who live in spreadsheets. */
const look = {
  algorithm: theme.compactAlgorithm,
  token: {
    colorPrimary: '#12655f',
    colorPrimaryBg: '#e4efed',
    colorPrimaryBgHover: '#d3e5e2',
    controlItemBgActive: '#e4efed',
    controlItemBgActiveHover: '#d3e5e2',
    colorTextDescription: '#586360',
    colorTextTertiary: '#586360',
    colorTextPlaceholder: '#6b7572',
    colorInfoBg: '#eef5f4',
    colorInfoBorder: '#c9dad7',
    colorLink: '#12655f',
    colorInfo: '#12655f',
    borderRadius: 4,
    fontSize: 14,
    wireframe: false,
    motion: false,
    fontFamily: FONTS,
  },
  components: { Table: { headerBg: '#f3f5f4', cellPaddingBlockSM: 5 } },
};

function Console() {
  const { language } = useWords();
  return (
    <ConfigProvider theme={look} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App>
        <RouterProvider router={router} />
      </App>
    </ConfigProvider>
  );
}

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the console.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Speaking>
        <Console />
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
);
