/** Ant: a sphere on four legs of a fixed and two jointed limbs each, light as a feather. The legs touch the floor only. */

interface Leg {
  name: string;
  number: number;
  /** Towards which the leg points, as x y z signs. */
  x: 1 | -1;
  y: 1 | -1;
  /** Names of the geoms of the upper and the lower limb. */
  upper: string;
  lower: string;
  /** Of the ankle, in degrees. */
  range: string;
}

const leg = ({ name, number, x, y, upper, lower, range }: Leg) => {
  const near = `${0.2 * x} ${0.2 * y} 0`;
  const far = `${0.4 * x} ${0.4 * y} 0`;
  // An ankle turns about the level line across its leg; which way round is the model's choice.
  const axis = x === y ? "-1 1 0" : "1 1 0";
  return `
      <body name="${name}">
        <geom name="aux_${number}_geom" fromto="0 0 0 ${near}"/>
        <body name="aux_${number}" pos="${near}">
          <joint name="hip_${number}" axis="0 0 1" range="-30 30"/>
          <geom name="${upper}_geom" fromto="0 0 0 ${near}"/>
          <body pos="${near}">
            <joint name="ankle_${number}" axis="${axis}" range="${range}"/>
            <geom name="${lower}_geom" fromto="0 0 0 ${far}"/>
          </body>
        </body>
      </body>`;
};

const legs = [
  { name: "front_left_leg", number: 1, x: 1, y: 1, upper: "left_leg", lower: "left_ankle", range: "30 70" },
  { name: "front_right_leg", number: 2, x: -1, y: 1, upper: "right_leg", lower: "right_ankle", range: "-70 -30" },
  { name: "back_leg", number: 3, x: -1, y: -1, upper: "back_leg", lower: "third_ankle", range: "-70 -30" },
  { name: "right_back_leg", number: 4, x: 1, y: -1, upper: "rightback_leg", lower: "fourth_ankle", range: "30 70" },
] as const satisfies readonly Leg[];

export const antModel = `
<mujoco model="ant">
  <option timestep="0.01" integrator="RK4"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" size="0.08" density="5" contype="1" conaffinity="0" friction="1 0.5 0.5" margin="0.01"/>
    <joint type="hinge" limited="true" armature="1" damping="1"/>
    <motor ctrllimited="true" ctrlrange="-1 1" gear="150"/>
  </default>

  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1"/>

    <body name="torso" pos="0 0 0.75">
      <joint name="root" type="free" limited="false" armature="0" damping="0" margin="0.01"/>
      <geom name="torso_geom" type="sphere" size="0.25"/>
${legs.map(leg).join("")}
    </body>
  </worldbody>

  <actuator>
    <motor joint="hip_4"/>
    <motor joint="ankle_4"/>
    <motor joint="hip_1"/>
    <motor joint="ankle_1"/>
    <motor joint="hip_2"/>
    <motor joint="ankle_2"/>
    <motor joint="hip_3"/>
    <motor joint="ankle_3"/>
  </actuator>
</mujoco>
`;
