// A plugin of QEMU's that counts the guest's instructions by program, as a processor's own counter would.
//
// 1. Every block of translated code reports when it runs; its instructions go to the thread that is current.
// 2. The current thread is told by the kernel's switch of stacks (__switch_to_asm reads the next thread's stack pointer
//    out of its task structure, so the address read names the thread): interrupts and the network's softirqs count for
//    whom they interrupt, as they do for perf.
// 3. A thread belongs to the program whose code it last ran in user mode, told by address: load.c is linked twice, at
//    addresses of its own, the shell below them, and all else is the proxy.
// 4. `rep movsb` runs as one block a byte here, and is one instruction for a processor: repeats are counted apart.
//
// The interface is QEMU's plugin API, version 1; Debian ships no header for it, so what is used is declared here.
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
// QEMU 7.2 calls nobody who asked for reads alone (1).
enum { no_registers = 0, memory_any = 3 };
extern void qemu_plugin_register_vcpu_tb_trans_cb(
    qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_vcpu_mem_cb(
    struct qemu_plugin_insn *, void (*)(unsigned, uint32_t, uint64_t, void *), int, int, void *);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum program { kernel_only, shell, client, backend, proxy, programs };

struct block {
    uint64_t begin, last;
    uint32_t instructions;
    enum program program;     // kernel_only for the kernel's own code
    bool repeats;             // begins with a repeated string instruction
    uint64_t proxy_count;     // while counting, instructions run for the proxy
    struct block *next;
};

struct thread {
    uint64_t task;
    enum program program;
    uint64_t user, kernel, repeats;
};

enum { threads_max = 1 << 14 };
static struct thread threads[threads_max];
static struct thread *current = &threads[0];
static struct block *blocks;
static uint64_t last_ran;
static FILE *totals, *profile;
static int measurement;

static void ran(unsigned cpu, void *data) {
    struct block *b = data;
    uint32_t n = b->instructions;
    struct thread *t = current;
    if (b->repeats && last_ran == b->begin) {
        n--;
        t->repeats++;
    }
    last_ran = b->last;
    if (b->program == kernel_only) {
        t->kernel += n;
    } else {
        t->user += n;
        t->program = b->program;
    }
    if (t->program == proxy) b->proxy_count += n;
}

static void switched(unsigned cpu, uint32_t info, uint64_t address, void *data) {
    uint64_t task = address - (uintptr_t)data;
    for (size_t i = (task >> 6) % (threads_max - 1) + 1;; i = i % (threads_max - 1) + 1) {
        if (threads[i].task != 0 && threads[i].task != task) continue;
        threads[i].task = task;
        current = &threads[i];
        return;
    }
}

static void begun(unsigned cpu, void *data) {
    for (size_t i = 0; i < threads_max; i++) threads[i].user = threads[i].kernel = threads[i].repeats = 0;
    for (struct block *b = blocks; b; b = b->next) b->proxy_count = 0;
}

static void ended(unsigned cpu, void *data) {
    uint64_t user[programs] = { 0 }, kernel[programs] = { 0 }, repeats[programs] = { 0 };
    for (size_t i = 0; i < threads_max; i++) {
        user[threads[i].program] += threads[i].user;
        kernel[threads[i].program] += threads[i].kernel;
        repeats[threads[i].program] += threads[i].repeats;
    }
    measurement++;
    fprintf(totals, "%d", measurement);
    static const enum program order[] = { proxy, client, backend, kernel_only };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        fprintf(totals, " %" PRIu64 " %" PRIu64 " %" PRIu64, user[order[i]], kernel[order[i]], repeats[order[i]]);
    fprintf(totals, "\n");
    fflush(totals);
    if (!profile) return;
    for (struct block *b = blocks; b; b = b->next)
        if (b->proxy_count > 0) fprintf(profile, "%d %" PRIx64 " %" PRIu64 "\n", measurement, b->begin, b->proxy_count);
    fflush(profile);
}

static enum program program_at(uint64_t address) {
    if (address >> 63) return kernel_only;
    if (address < 0x10000000) return shell;
    if (address < 0x20000000) return client;
    return address < 0x30000000 ? backend : proxy;
}

static bool is_repeated_string(const uint8_t *bytes, size_t size) {
    bool repeated = false;
    for (size_t i = 0; i < size; i++) {
        uint8_t b = bytes[i];
        if (b == 0xf2 || b == 0xf3) repeated = true;
        else if (b == 0x66 || b == 0x67 || (b & 0xf0) == 0x40) continue;
        else return repeated && ((b >= 0xa4 && b <= 0xa7) || (b >= 0xaa && b <= 0xaf));
    }
    return false;
}

static void look_at(struct qemu_plugin_insn *insn) {
    const uint8_t *bytes = qemu_plugin_insn_data(insn);
    size_t size = qemu_plugin_insn_size(insn);
    if (size != 7) return;
    if (memcmp(bytes, "\x0f\x1f\x80WBEG", 7) == 0)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, begun, no_registers, NULL);
    if (memcmp(bytes, "\x0f\x1f\x80WEND", 7) == 0)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, ended, no_registers, NULL);
}

// mov %rsp, OFFSET(%rdi); mov OFFSET(%rsi), %rsp: the kernel has this pair in one place.
static void look_at_pair(struct qemu_plugin_insn *first, struct qemu_plugin_insn *second) {
    const uint8_t *from = qemu_plugin_insn_data(first), *to = qemu_plugin_insn_data(second);
    if (!(qemu_plugin_insn_vaddr(first) >> 63) || qemu_plugin_insn_size(first) != 7 || qemu_plugin_insn_size(second) != 7
        || memcmp(from, "\x48\x89\xa7", 3) != 0 || memcmp(to, "\x48\x8b\xa6", 3) != 0
        || memcmp(from + 3, to + 3, 4) != 0)
        return;
    uint32_t offset;
    memcpy(&offset, to + 3, 4);
    qemu_plugin_register_vcpu_mem_cb(second, switched, no_registers, memory_any, (void *)(uintptr_t)offset);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    struct block *b = calloc(1, sizeof *b);
    size_t n = qemu_plugin_tb_n_insns(tb);
    struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
    b->instructions = n;
    b->begin = qemu_plugin_insn_vaddr(first);
    b->last = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, n - 1));
    b->program = program_at(b->begin);
    b->repeats = is_repeated_string(qemu_plugin_insn_data(first), qemu_plugin_insn_size(first));
    b->next = blocks;
    blocks = b;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, ran, no_registers, b);
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        look_at(insn);
        if (i > 0) look_at_pair(qemu_plugin_tb_get_insn(tb, i - 1), insn);
    }
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    qemu_plugin_id_t id, const void *info, int count, char **words) {
    for (int i = 0; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (!value) return -1;
        if (strncmp(words[i], "totals=", 7) == 0) totals = fopen(value + 1, "w");
        else if (strncmp(words[i], "profile=", 8) == 0) profile = fopen(value + 1, "w");
    }
    if (!totals) return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
