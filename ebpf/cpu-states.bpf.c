// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * What the processors themselves did: time at each frequency, time in each idle state, and throttling by heat, rolled up
 * here so that nothing is streamed. src/meter/ebpf/cpu-states.ts reads the maps and mirrors the structures.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define barrier() asm volatile("" ::: "memory")

#define FREQUENCY_BINS 96
#define KHZ_PER_BIN 100000
#define IDLE_STATES 16 /* the kernel has 10 at most */
#define IDLE_EXIT ((__u32)-1)

struct frequency {
	__u64 sequence; /* odd while it is written */
	__u64 since;
	__u32 khz; /* 0: not known yet */
	__u32 unused;
	__u64 changes;
	__u64 ns[FREQUENCY_BINS];
};
_Static_assert(sizeof(struct frequency) == 800, "src/meter/ebpf/cpu-states.ts counts on it");

struct idle {
	__u64 sequence; /* odd while it is written */
	__u64 since;	/* 0: not idle */
	__u32 state;
	__u32 unused;
	__u64 spare;
	__u64 ns[IDLE_STATES];
	__u64 entries[IDLE_STATES];
};
_Static_assert(sizeof(struct idle) == 288, "src/meter/ebpf/cpu-states.ts counts on it");

struct throttling {
	__u64 thermal_interrupts; /* on this processor */
	__u64 trips;		  /* of thermal zones, noticed on this processor */
	__u64 coolings;		  /* cooling devices set to another state by this processor */
	__u64 spare;
};

/* One of each a processor; user space sets how many. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct frequency);
} frequencies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct idle);
} idles SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct throttling);
} throttlings SEC(".maps");

/* The processor may be another than the one that changes its frequency; the kernel changes one at a time. */
SEC("raw_tp/cpu_frequency")
int BPF_PROG(on_frequency, __u32 khz, __u32 cpu)
{
	struct frequency *frequency = bpf_map_lookup_elem(&frequencies, &cpu);
	__u64 now = bpf_ktime_get_ns();
	__u32 bin;

	if (!frequency)
		return 0;
	frequency->sequence++;
	barrier();
	if (frequency->khz) {
		bin = (frequency->khz + KHZ_PER_BIN / 2) / KHZ_PER_BIN;
		if (bin >= FREQUENCY_BINS)
			bin = FREQUENCY_BINS - 1;
		frequency->ns[bin] += now - frequency->since;
	}
	frequency->since = now;
	frequency->khz = khz;
	frequency->changes++;
	barrier();
	frequency->sequence++;
	return 0;
}

static __always_inline __u32 bounded(__u32 state)
{
	if (state >= IDLE_STATES)
		state = IDLE_STATES - 1;
	/* The compiler knows the bound now and would leave the mask out; the verifier needs to see it. */
	asm volatile("" : "+r"(state));
	return state & (IDLE_STATES - 1);
}

SEC("raw_tp/cpu_idle")
int BPF_PROG(on_idle, __u32 state, __u32 cpu)
{
	struct idle *idle = bpf_map_lookup_elem(&idles, &cpu);
	__u64 now = bpf_ktime_get_ns();

	if (!idle)
		return 0;
	idle->sequence++;
	barrier();
	if (idle->since)
		idle->ns[bounded(idle->state)] += now - idle->since;
	if (state == IDLE_EXIT) {
		idle->since = 0;
	} else {
		state = bounded(state);
		idle->since = now;
		idle->state = state;
		idle->entries[state]++;
	}
	barrier();
	idle->sequence++;
	return 0;
}

static __always_inline struct throttling *this_throttling(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&throttlings, &cpu);
}

/* x86: the processor got too hot, or cooled down again. */
SEC("raw_tp/thermal_apic_entry")
int on_thermal_interrupt(void *context)
{
	struct throttling *throttling = this_throttling();

	if (throttling)
		throttling->thermal_interrupts++;
	return 0;
}

SEC("raw_tp/thermal_zone_trip")
int on_trip(void *context)
{
	struct throttling *throttling = this_throttling();

	if (throttling)
		throttling->trips++;
	return 0;
}

SEC("raw_tp/cdev_update")
int on_cooling(void *context)
{
	struct throttling *throttling = this_throttling();

	if (throttling)
		throttling->coolings++;
	return 0;
}
