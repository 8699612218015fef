/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs of cpu-usage.bpf.c keep and user space reads. src/meter/ebpf/layout.ts says the same in TypeScript:
 * whoever changes one changes the other.
 *
 * Times are nanoseconds of CLOCK_MONOTONIC, which user space reads too.
 */
#ifndef WATTLOOP_FIGURES_H
#define WATTLOOP_FIGURES_H

#include <linux/types.h>

#define NANOSECONDS_PER_TICK 10000000ULL /* of field 22 of /proc/PID/stat */

/* Slots for followed trees; 0 stands for "not followed". */
#define SLOTS 1024

/* Set by user space before loading; constant for the verifier. */
struct settings {
	__u32 hierarchy_id; /* the cgroup hierarchy that is accounted */
	__u32 controller;   /* one of CONTROLLER_…: by which the hierarchy is found */
	__u32 count_cycles; /* 1: cycle_counters holds an event for every processor */
	__u32 unused;
};

#define CONTROLLER_UNIFIED 0
#define CONTROLLER_CPUACCT 1
#define CONTROLLER_CPU 2
#define CONTROLLER_MEMORY 3
#define CONTROLLER_PIDS 4
#define CONTROLLER_IO 5
#define CONTROLLER_CPUSET 6
#define CONTROLLER_DEVICES 7
#define CONTROLLER_FREEZER 8
#define CONTROLLER_PERF_EVENT 9

/* Shared by all processors. */
struct control {
	__u64 attached_at; /* set by user space just before attaching: when the account begins */
	__u32 following;   /* set by user space: whether any tree is followed */
	__u32 epoch;	   /* raised by user space whenever it has changed who is followed */
	/* What could not be placed, so that nothing is lost silently. */
	__u64 unplaced_process_slices;
	__u64 unplaced_process_ns;
	__u64 unplaced_cgroup_slices;
	__u64 unplaced_cgroup_ns;
	__u64 lost_ended; /* ended processes that found no room in the ring */
	__u64 lost_ended_ns;
	__u64 lost_names;      /* cgroups made or removed that found no room in the ring */
	__u64 lost_descendants; /* children of followed processes that found no room */
};

/*
 * One a processor. Each of the three groups has one writer that cannot be interrupted by itself (the scheduler runs with
 * interrupts off; hard interrupts do not nest, nor do soft ones on one processor), and a sequence that is odd while it writes.
 */
struct cpu {
	/* The scheduler's. */
	__u64 sequence;
	__u64 since; /* since when the task has been on the processor; 0: not known yet */
	__u64 hard_ns_at_since;
	__u64 soft_ns_at_since;
	__u64 cycles_at_since;
	__u64 task; /* its address, to know it again */
	__u64 started;
	__u64 cgroup;
	__u32 pid; /* 0: idle */
	__u32 tgid;
	__u32 slot;
	__u32 epoch; /* of the control, when the slot was looked up */
	__u64 task_ns; /* of all tasks so far but the current one's slice, without interrupts */
	__u64 task_cycles;
	__u64 switches;
	__u64 runtime_at_since; /* of the task, by the scheduler's own account */
	__u64 missed;		/* switches that were not told; see make_up */
	__u64 scheduler_spare;
	/* Hard interrupts'. */
	__u64 hard_sequence;
	__u64 hard_since; /* 0: none now */
	__u64 hard_ns;
	__u64 hard_count;
	/* Soft interrupts'. */
	__u64 soft_sequence;
	__u64 soft_since; /* 0: none now */
	__u64 soft_ns;
	__u64 soft_count;
	__u64 soft_hard_ns; /* hard_ns when the soft interrupt began */
	__u64 spare[7];
};
_Static_assert(sizeof(struct cpu) == 256, "src/meter/ebpf/layout.ts counts on it");

/* A process for as long as it lives: tgid and start together are never used twice. */
struct process_key {
	__u64 started; /* nanoseconds after boot at which its first thread began */
	__u32 tgid;
	__u32 unused;
};

struct amount {
	__u64 ns;
	__u64 cycles;
	__u64 switches;
};

struct process {
	struct amount amount;
	char comm[16];
};
_Static_assert(sizeof(struct process) == 40, "src/meter/ebpf/layout.ts counts on it");

struct followed {
	__u64 started_ticks;
	__u64 since; /* from when on its time belongs to the slot */
	__u32 slot;
	__u32 unused;
};

/* What is handed over through the ring. */
#define RECORD_PROCESS_ENDED 1
#define RECORD_CGROUP_MADE 2
#define RECORD_CGROUP_REMOVED 3

struct process_ended {
	__u32 kind;
	__u32 tgid;
	__u64 started;
	struct process process;
};
_Static_assert(__builtin_offsetof(struct process_ended, process) == 16 && sizeof(struct process_ended) == 56,
	       "src/meter/ebpf/layout.ts counts on it");

#define PATH_BYTES 512

struct cgroup_change {
	__u32 kind;
	__u32 path_bytes; /* with the closing zero; PATH_BYTES: cut off */
	__u64 id;
	struct amount amount; /* of a removed one */
	char path[PATH_BYTES];
};
_Static_assert(__builtin_offsetof(struct cgroup_change, amount) == 16 &&
		       __builtin_offsetof(struct cgroup_change, path) == 40 && sizeof(struct cgroup_change) == 552,
	       "src/meter/ebpf/layout.ts counts on it");

#endif
