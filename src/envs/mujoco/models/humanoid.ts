/**
 * Humanoid: torso, abdomen, two legs of thigh, shin and foot, two arms of two limbs and a hand. It stands here, and lies on its
 * back for HumanoidStandup: the same figure, of which some places are given for the one and the other.
 */

interface Posture {
  model: string;
  height: string;
  head: string;
  upperWaist: string;
  lowerWaist: string;
  pelvis: string;
  /** Where the hips are, without their side. */
  hip: string;
  /** Ends of the thigh, without the sideward part, and of the shin. */
  thigh: readonly [x: string, z: string];
  knee: readonly [x: string, z: string];
  shin: string;
  foot: string;
  /** Of the left hip; the right one's is that of standing in both. */
  leftHipRange: string;
}

const leg = (side: "right" | "left", posture: Posture) => {
  const [y, hipY, sign] = side === "right" ? ["0.01", "-0.1", ""] : ["-0.01", "0.1", "-"];
  // Left and right differ where the model of the task does: armature of one hip, stiffness of one knee.
  const [hipRange, hipArmature] = side === "right" ? ["-110 20", "0.008"] : [posture.leftHipRange, "0.01"];
  const kneeStiffness = side === "right" ? "0" : "1";
  const { thigh, knee } = posture;
  return `
          <body name="${side}_thigh" pos="0 ${hipY} ${posture.hip}">
            <joint name="${side}_hip_x" axis="${sign}1 0 0" range="-25 5" armature="0.01" damping="5" stiffness="10"/>
            <joint name="${side}_hip_z" axis="0 0 ${sign}1" range="-60 35" armature="0.01" damping="5" stiffness="10"/>
            <joint name="${side}_hip_y" axis="0 1 0" range="${hipRange}" armature="${hipArmature}" damping="5" stiffness="20"/>
            <geom name="${side}_thigh1" fromto="0 0 0 ${thigh[0]} ${y} ${thigh[1]}" size="0.06"/>
            <body name="${side}_shin" pos="${knee[0]} ${y} ${knee[1]}">
              <joint name="${side}_knee" pos="0 0 0.02" axis="0 -1 0" range="-160 -2" armature="0.006" stiffness="${kneeStiffness}"/>
              <geom name="${side}_shin1" fromto="0 0 0 ${posture.shin}" size="0.049"/>
              <body name="${side}_foot" pos="${posture.foot}">
                <geom name="${side}_foot" type="sphere" pos="0 0 0.1" size="0.075"/>
              </body>
            </body>
          </body>`;
};

const arm = (side: "right" | "left") => {
  const [out, back, range] = side === "right" ? ["-", "", "-85 60"] : ["", "-", "-60 85"];
  const [shoulder1, shoulder2, elbow] =
    side === "right" ? ["2 1 1", "0 -1 1", "0 -1 1"] : ["2 -1 1", "0 1 1", "0 -1 -1"];
  return `
      <body name="${side}_upper_arm" pos="0 ${out}0.17 0.06">
        <joint name="${side}_shoulder1" axis="${shoulder1}" range="${range}" armature="0.0068" stiffness="1"/>
        <joint name="${side}_shoulder2" axis="${shoulder2}" range="${range}" armature="0.0051" stiffness="1"/>
        <geom name="${side}_uarm1" fromto="0 0 0 0.16 ${out}0.16 -0.16" size="0.04"/>
        <body name="${side}_lower_arm" pos="0.18 ${out}0.18 -0.18">
          <joint name="${side}_elbow" axis="${elbow}" range="-90 50" armature="0.0028"/>
          <geom name="${side}_larm" fromto="0.01 ${back}0.01 0.01 0.17 ${back}0.17 0.17" size="0.031"/>
          <geom name="${side}_hand" type="sphere" pos="0.18 ${back}0.18 0.18" size="0.04"/>
        </body>
      </body>`;
};

const figure = (posture: Posture) => `
<mujoco model="${posture.model}">
  <option timestep="0.003" integrator="RK4" solver="PGS" iterations="50"/>
  <size memory="512K"/>

  <default>
    <geom type="capsule" condim="1" margin="0.001"/>
    <joint type="hinge" limited="true" damping="1"/>
    <motor ctrllimited="true" ctrlrange="-0.4 0.4" gear="100"/>
  </default>

  <worldbody>
    <geom name="floor" type="plane" size="20 20 0.125" condim="3" friction="1 0.1 0.1"/>

    <body name="torso" pos="0 0 ${posture.height}">
      <joint name="root" type="free" limited="false" damping="0"/>
      <geom name="torso1" fromto="0 -0.07 0 0 0.07 0" size="0.07"/>
      <geom name="head" type="sphere" pos="${posture.head}" size="0.09"/>
      <geom name="uwaist" fromto="${posture.upperWaist}" size="0.06"/>

      <body name="lwaist" pos="${posture.lowerWaist}" quat="1 0 -0.002 0">
        <joint name="abdomen_z" pos="0 0 0.065" axis="0 0 1" range="-45 45" armature="0.02" damping="5" stiffness="20"/>
        <joint name="abdomen_y" pos="0 0 0.065" axis="0 1 0" range="-75 30" armature="0.02" damping="5" stiffness="10"/>
        <geom name="lwaist" fromto="0 -0.06 0 0 0.06 0" size="0.06"/>

        <body name="pelvis" pos="${posture.pelvis}" quat="1 0 -0.002 0">
          <joint name="abdomen_x" pos="0 0 0.1" axis="1 0 0" range="-35 35" armature="0.02" damping="5" stiffness="10"/>
          <geom name="butt" fromto="-0.02 -0.07 0 -0.02 0.07 0" size="0.09"/>
${leg("right", posture)}
${leg("left", posture)}
        </body>
      </body>
${arm("right")}
${arm("left")}
    </body>
  </worldbody>

  <tendon>
    <fixed name="left_hipknee">
      <joint joint="left_hip_y" coef="-1"/>
      <joint joint="left_knee" coef="1"/>
    </fixed>
    <fixed name="right_hipknee">
      <joint joint="right_hip_y" coef="-1"/>
      <joint joint="right_knee" coef="1"/>
    </fixed>
  </tendon>

  <actuator>
    <motor name="abdomen_y" joint="abdomen_y"/>
    <motor name="abdomen_z" joint="abdomen_z"/>
    <motor name="abdomen_x" joint="abdomen_x"/>
    <motor name="right_hip_x" joint="right_hip_x"/>
    <motor name="right_hip_z" joint="right_hip_z"/>
    <motor name="right_hip_y" joint="right_hip_y" gear="300"/>
    <motor name="right_knee" joint="right_knee" gear="200"/>
    <motor name="left_hip_x" joint="left_hip_x"/>
    <motor name="left_hip_z" joint="left_hip_z"/>
    <motor name="left_hip_y" joint="left_hip_y" gear="300"/>
    <motor name="left_knee" joint="left_knee" gear="200"/>
    <motor name="right_shoulder1" joint="right_shoulder1" gear="25"/>
    <motor name="right_shoulder2" joint="right_shoulder2" gear="25"/>
    <motor name="right_elbow" joint="right_elbow" gear="25"/>
    <motor name="left_shoulder1" joint="left_shoulder1" gear="25"/>
    <motor name="left_shoulder2" joint="left_shoulder2" gear="25"/>
    <motor name="left_elbow" joint="left_elbow" gear="25"/>
  </actuator>
</mujoco>
`;

export const humanoidModel = figure({
  model: "humanoid",
  height: "1.4",
  head: "0 0 0.19",
  upperWaist: "-0.01 -0.06 -0.12 -0.01 0.06 -0.12",
  lowerWaist: "-0.01 0 -0.26",
  pelvis: "0 0 -0.165",
  hip: "-0.04",
  thigh: ["0", "-0.34"],
  knee: ["0", "-0.403"],
  shin: "0 0 -0.3",
  foot: "0 0 -0.45",
  leftHipRange: "-110 20",
});

export const humanoidStandupModel = figure({
  model: "humanoid lying",
  height: "0.105",
  head: "-0.15 0 0",
  upperWaist: "0.11 -0.06 0 0.11 0.06 0",
  lowerWaist: "0.21 0 0",
  pelvis: "0.165 0 0",
  hip: "0",
  thigh: ["0.34", "0"],
  knee: ["0.403", "0"],
  shin: "0.3 0 0",
  foot: "0.35 0 -0.1",
  leftHipRange: "-120 20",
});
