import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect } from "react";
import { BrowserRouter, Navigate, Outlet, Route, Routes, useLocation, useNavigate } from "react-router";
import { onSignedOut, Refusal } from "../lib/http.ts";
import { TaskForms } from "../tasks/TaskForms.tsx";
import { keys, Preferences, TaskContext, useSession } from "../tasks/TaskContext.tsx";
import { GlobalStyle } from "../ui/GlobalStyle.ts";
import { Boundary, Failure } from "../ui/Panel.tsx";
import { Toasts } from "../ui/Toast.tsx";
import { askFirst } from "./askFirst.ts";
import { NotFound } from "./NotFound.tsx";
import { sections } from "./sections.tsx";
import { Shell } from "./Shell.tsx";

/** Seen once in a while; whoever is signed in already need not wait for them. */
const SignIn = lazy(() => import("./SignIn.tsx").then((module) => ({ default: module.SignIn })));
const Setup = lazy(() => import("./SignIn.tsx").then((module) => ({ default: module.Setup })));

const RETRIES_MAX = 2;

/** What was refused is not asked again by itself; what found no answer is. */
export const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES_MAX && error instanceof Refusal && error.status >= 500,
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });

const client = makeClient();

/** The page's addresses begin where <base href> says. */
const base = new URL(".", document.baseURI);
const basename = () => base.pathname.replace(/\/$/, "") || "/";

askFirst(client, new URL(location.href), base);

export function App() {
  return (
    <Boundary what="The page">
      <QueryClientProvider client={client}>
        <Preferences>
          <GlobalStyle />
          <BrowserRouter basename={basename()}>
            <Toasts>
              <Routes>
                <Route path="/signin" element={<Soon of={SignIn} />} />
                <Route path="/setup" element={<Soon of={Setup} />} />
                <Route element={<SignedIn />}>
                  <Route element={<Shell />}>
                    <Route index element={<Navigate to="/tasks" replace />} />
                    {sections.map(({ path, element }) => (
                      <Route key={path} path={path} element={element} />
                    ))}
                    <Route path="*" element={<NotFound />} />
                  </Route>
                </Route>
              </Routes>
            </Toasts>
          </BrowserRouter>
        </Preferences>
      </QueryClientProvider>
    </Boundary>
  );
}

/** Whoever is not signed in goes to sign in, and comes back to where they wanted to be. */
function SignedIn() {
  const session = useSession();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const here = pathname + search;
  useEffect(
    () =>
      onSignedOut(() => {
        client.setQueryData(keys.session, null);
        void navigate(`/signin?${new URLSearchParams({ next: here })}`, { replace: true });
      }),
    [navigate, here],
  );
  if (session.isPending) return null;
  if (session.error) return <Failure what="The page" error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data) return <Navigate to={`/signin?${new URLSearchParams({ next: here })}`} replace />;
  return <Ready />;
}

const Soon = ({ of: Part }: { of: ComponentType }): ReactNode => (
  <Suspense>
    <Part />
  </Suspense>
);

const Ready = (): ReactNode => (
  <TaskContext>
    <Outlet />
    <TaskForms />
  </TaskContext>
);
