import '@fontsource-variable/noto-sans-sc/wght.css'
import './app/look/base.css'
import './app/look/page.css'
import './app/look/shell.css'
import './app/look/forms.css'
import './app/look/print.css'
import './app/i18n.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { installed } from './app/installed.ts'
import { memory } from './app/read.ts'
import { router } from './app/router.tsx'
import { Theme } from './app/theme.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={memory}>
      <Theme>
        <RouterProvider router={router} />
      </Theme>
    </QueryClientProvider>
  </StrictMode>,
)

if (import.meta.env.PROD) void installed()
