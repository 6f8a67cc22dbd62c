/** Where a part of the page is entered. A new feature folder adds its route here, and a place in the rail if it has one. */

import { lazy, type ReactNode } from "react";
import { TaskList } from "../tasks/TaskList.tsx";
import { Activity, CalendarDays, LayoutList, Settings as Cog } from "../ui/icons.ts";

const TaskRoute = lazy(() => import("./TaskRoute.tsx").then((module) => ({ default: module.TaskRoute })));
const TaskLog = lazy(() => import("../runs/TaskLog.tsx").then((module) => ({ default: module.TaskLog })));
const RunPage = lazy(() => import("../runs/RunPage.tsx").then((module) => ({ default: module.RunPage })));
const Settings = lazy(() => import("../settings/Settings.tsx").then((module) => ({ default: module.Settings })));
const Upcoming = lazy(() => import("../upcoming/Upcoming.tsx").then((module) => ({ default: module.Upcoming })));

export type Section = {
  /** As react-router writes it, below the base address. */
  path: string;
  /** What the title and error messages call it. */
  title: string;
  element: ReactNode;
  /** A list of its own scrolls inside; a document scrolls as a whole. */
  scrolls: "inside" | "whole";
  /** A part with a heading of its own names what it stands below. */
  below?: { title: string; path: string };
  rail?: { label: string; Icon: typeof LayoutList; key: string };
};

export const sections: readonly Section[] = [
  {
    path: "/tasks",
    title: "Tasks",
    element: <TaskList />,
    scrolls: "inside",
    rail: { label: "Tasks", Icon: LayoutList, key: "t" },
  },
  { path: "/tasks/new", title: "New task", element: <TaskList />, scrolls: "inside" },
  {
    path: "/tasks/:id",
    title: "Task",
    element: <TaskRoute />,
    scrolls: "inside",
    below: { title: "Tasks", path: "/tasks" },
  },
  {
    path: "/runs",
    title: "Runs",
    element: <TaskLog />,
    scrolls: "inside",
    rail: { label: "Runs", Icon: Activity, key: "r" },
  },
  {
    path: "/runs/:id",
    title: "Run",
    element: <RunPage />,
    scrolls: "whole",
    below: { title: "Runs", path: "/runs" },
  },
  {
    path: "/upcoming",
    title: "Upcoming",
    element: <Upcoming />,
    scrolls: "whole",
    rail: { label: "Upcoming", Icon: CalendarDays, key: "u" },
  },
  {
    path: "/settings",
    title: "Settings",
    element: <Settings />,
    scrolls: "whole",
    rail: { label: "Settings", Icon: Cog, key: "s" },
  },
  { path: "/settings/:part", title: "Settings", element: <Settings />, scrolls: "whole" },
];
