/* nest.c: see nest.h. */
#include "nest.h"

cc_status ds_nest_open(cc_run *run, size_t n, size_t sets, ds_nest *nest)
{
    CC_NEW(run, nest->order, n);
    CC_NEW(run, nest->place, n);
    CC_NEW(run, nest->depth, n);
    CC_NEW(run, nest->size, sets);
    for (size_t e = 0; e < n; e++) nest->place[e] = DS_NOWHERE;
    return CC_OK;
}

static void put(ds_nest *nest, size_t place, uint32_t element)
{
    nest->order[place] = element;
    nest->place[element] = (uint32_t)place;
}

/* A hole at the end of R_0 travels inwards: the first entry of each layer R_j \ R_{j+1} fills it. */
void ds_nest_enter(ds_nest *nest, uint32_t element, size_t depth)
{
    size_t hole = nest->size[0];
    for (size_t j = 0; j < depth; j++) {
        const size_t first = nest->size[j + 1];
        nest->size[j]++;
        if (first != hole) put(nest, hole, nest->order[first]);
        hole = first;
    }
    nest->size[depth]++;
    put(nest, hole, element);
    nest->depth[element] = (uint16_t)depth;
}

/* The hole travels outwards: the last entry of each layer fills it. */
void ds_nest_leave(ds_nest *nest, uint32_t element)
{
    size_t hole = nest->place[element];
    for (size_t j = nest->depth[element] + 1u; j-- > 0;) {
        const size_t last = --nest->size[j];
        if (last != hole) put(nest, hole, nest->order[last]);
        hole = last;
    }
    nest->place[element] = DS_NOWHERE;
}

void ds_nest_settle(ds_nest *nest, size_t n, size_t from, size_t to)
{
    size_t level = to;
    for (size_t i = 0; i < n; i++) {
        while (level >= from && i >= nest->size[level]) level--;
        nest->place[nest->order[i]] = (uint32_t)i;
        nest->depth[nest->order[i]] = (uint16_t)level;
    }
}
